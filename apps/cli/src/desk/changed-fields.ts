import { isDeepStrictEqual } from 'node:util';
import { CliProblem } from './problem.js';

/**
 * What a file wants changed, when it is the thing itself as `get -o yaml` printed it and somebody edited it: fields that
 * are as they were are left out, so that those which nobody may write do no harm. A file without an id is a list of
 * fields, and is taken as it is. Throws (5) when the thing was changed since it was printed. Pure.
 */
export function changedFields(file: Record<string, unknown>, now: object): Record<string, unknown> {
  if (!('id' in file)) return file;
  const current = now as Record<string, unknown>;
  if (file['id'] !== current['id']) throw new CliProblem(`The file is of another one (${String(file['id'])})`, 2);
  for (const mark of ['version', 'updatedAt', 'updated_at'])
    if (mark in file && mark in current && file[mark] !== current[mark])
      throw new CliProblem(`It was changed since the file was written (${mark}): get it again`, 5);
  return Object.fromEntries(Object.entries(file).filter(([name, value]) => !isDeepStrictEqual(value, current[name])));
}
