/** A reason not to run that its reader can do something about: shown as a sentence, without a stack trace. */
export class StackProblem extends Error {
  override readonly name = 'StackProblem';
}

/** The sentence of any thrown thing. */
export function sentenceOf(error: unknown): string {
  return isObject(error) && 'message' in error ? String(error.message) : String(error);
}

/** True when a system call failed with one of these codes (`EACCES`, `ENOENT` …). */
export function failedWith(error: unknown, ...codes: string[]): boolean {
  return isObject(error) && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** By shape, not `instanceof`: an error of Node's own belongs to another realm where modules run in a vm (Jest). */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
