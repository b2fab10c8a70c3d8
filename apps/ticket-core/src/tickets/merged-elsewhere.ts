import { DeskError } from '#shared/errors/desk-error.js';

/**
 * Somebody wants to change a ticket that became part of another: it says of which, so that they (or a mail) go there. Who may
 * not see that other one (a customer, when it is somebody else's) is not told its number.
 */
export class MergedElsewhere extends DeskError {
  constructor(
    merged: { number: number },
    readonly survivor: { id: string; number: number },
    mayBeTold: boolean,
  ) {
    const where = mayBeTold ? `#${survivor.number}` : 'another ticket';
    const instead = mayBeTold ? `do that on ${where}` : 'open a new one, or answer by mail';
    super('UNPROCESSABLE', `Ticket #${merged.number} was merged into ${where} and is only read: ${instead}`);
  }
}
