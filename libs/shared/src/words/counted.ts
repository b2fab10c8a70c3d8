/** `1 ticket`, `2 tickets`, `1,234 entries`: how many there are, as people say it. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
