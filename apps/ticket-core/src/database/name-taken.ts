import { DeskError } from '#shared/errors/desk-error.js';

/** SQLSTATE unique_violation (PostgreSQL manual, Appendix A). */
const UNIQUE_VIOLATION = '23505';

/** Does the work; a name that somebody else has, perhaps since a moment, is CONFLICT at its field. */
export async function unlessTaken<T>(work: Promise<T>, pointer: string, message: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    throw nameTaken(pointer, message);
  }
}

export const nameTaken = (pointer: string, message: string): DeskError => DeskError.at('CONFLICT', pointer, message);
