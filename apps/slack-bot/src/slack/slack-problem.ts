/** Slack did not do what it was asked. `code` is Slack's own (`channel_not_found`) or `unreachable`, `http_503`, `ratelimited`. */
export class SlackProblem extends Error {
  constructor(
    readonly method: string,
    readonly code: string,
    /** True when it is certain that Slack did nothing; false when the answer got lost and the thing may be done. */
    readonly certainlyNotDone: boolean,
    options?: ErrorOptions,
    details = '',
  ) {
    super(`Slack's ${method} answered ${code}${details === '' ? '' : ` (${details})`}`, options);
    this.name = 'SlackProblem';
  }
}
