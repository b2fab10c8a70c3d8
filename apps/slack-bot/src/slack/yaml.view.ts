export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml };

/** YAML for plain data (block style; strings quoted as JSON strings, which YAML 1.2 section 7.3.1 reads alike). */
export function toYaml(value: Yaml): string {
  return `${lines(value).join('\n')}\n`;
}

function lines(value: Yaml): string[] {
  if (Array.isArray(value)) {
    return (value as readonly Yaml[]).flatMap((item) => {
      const [first, ...rest] = lines(item);
      return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
    });
  }
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, item]) =>
      typeof item === 'object' ? [`${key}:`, ...lines(item).map((line) => `  ${line}`)] : [`${key}: ${scalar(item)}`],
    );
  }
  return [scalar(value)];
}

const scalar = (value: string | number | boolean): string => JSON.stringify(value);
