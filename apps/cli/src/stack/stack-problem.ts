/** A reason not to run that its reader can do something about: shown as a sentence, without a stack trace. */
export class StackProblem extends Error {
  override readonly name = 'StackProblem';
}

/** The sentence of any thrown thing. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** True when a system call failed with one of these codes (`EACCES`, `ENOENT` …). */
export function failedWith(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
