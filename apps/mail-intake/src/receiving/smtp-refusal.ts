import { DeskError } from '#shared/errors/desk-error.js';
import { ERROR_CODES } from '#shared/errors/error-codes.js';

/**
 * An answer other than 2xx. smtp-server sends `message` to the client as it stands, so it must hold nothing internal;
 * without `responseCode` it would answer 550 and bounce the mail (facts.md). The enhanced code (RFC 3463) is added by
 * smtp-server, which knows it from the code.
 */
export class SmtpRefusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SmtpRefusal';
  }
}

const TRY_AGAIN = 'This desk cannot take mail at the moment, please try again';

/**
 * Any thrown thing as an answer. Never 5xx for a trouble of ours: the sender's server keeps the mail and tries again
 * (RFC 5321 4.2.1), where 5xx would bounce it.
 */
export function refusalFrom(thrown: unknown): SmtpRefusal {
  if (thrown instanceof SmtpRefusal) return thrown;
  const code = thrown instanceof DeskError ? ERROR_CODES[thrown.code].smtp : 451;
  if (code === 552) return new SmtpRefusal(552, 'The mail is too large', { cause: thrown });
  return new SmtpRefusal(451, TRY_AGAIN, { cause: thrown });
}
