/** Something that Slack would refuse, and where: `blocks[2].elements[0].text.text`, `81 of 75 characters`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** One line for people: `blocks[2].elements[0].text.text: 81 of 75 characters`. */
export function describeProblem({ path, message }: Problem): string {
  return path === '' ? message : `${path}: ${message}`;
}

/** The same place as Slack writes it in `response_metadata.messages`: `/blocks/2/elements/0/text/text`. */
export function jsonPointer(path: string): string {
  if (path === '') return '';
  return `/${path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .join('/')}`;
}
