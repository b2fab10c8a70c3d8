/** Of a request and a template: what the request says wins, tags and custom fields are united. Pure. */
export function filledIn<T extends object>(asked: T, fields: Readonly<Record<string, unknown>>): T {
  const said = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const both = { ...fields, ...said };
  const [tags, theirTags] = [fields['tags'], said['tags']];
  if (Array.isArray(tags) && Array.isArray(theirTags))
    both['tags'] = [...new Set([...theirTags, ...tags] as unknown[])];
  const [custom, theirCustom] = [fields['customFields'], said['customFields']];
  if (isObject(custom) && isObject(theirCustom)) both['customFields'] = { ...custom, ...theirCustom };
  return both as T;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
