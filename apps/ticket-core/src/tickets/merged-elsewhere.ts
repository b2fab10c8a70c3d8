import { DeskError } from '#shared/errors/desk-error.js';

/** Somebody wants to change a ticket that became part of another: it says of which, so that they (or a mail) go there. */
export class MergedElsewhere extends DeskError {
  constructor(
    merged: { number: number },
    readonly survivor: { id: string; number: number },
  ) {
    super(
      'UNPROCESSABLE',
      `Ticket #${merged.number} was merged into #${survivor.number} and is only read: do that on #${survivor.number}`,
    );
  }
}
