/** An error as the Web API names it; answered as `{ ok: false, error, … }`. */
export class SlackError extends Error {
  constructor(
    readonly code: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    readonly status = 200,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code);
  }
}

/** What a person asked for in the playground and what is not possible: answered 400 with these words. */
export class BadRequest extends Error {
  constructor(
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
