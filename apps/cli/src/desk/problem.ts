/**
 * Why a command ends without having done its work, in words for whoever typed it.
 * Exit codes: 1 failed, 2 wrong input, 3 not allowed, 4 not there, 5 changed meanwhile or not possible now, 6 try again later.
 */
export class CliProblem extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 | 3 | 4 | 5 | 6 = 1,
  ) {
    super(message);
    this.name = 'CliProblem';
  }
}

export const EXIT_CODES_IN_WORDS =
  'Exit codes: 0 done, 1 failed, 2 wrong input, 3 not allowed, 4 not there, 5 conflict, 6 try again later.';
