import type { Actor } from '#shared/contracts/actor.js';

export interface AttachmentSubject {
  isPublic: boolean;
  isWaiting: boolean;
  uploadedBy: { kind: Actor['kind']; id: string | null } | null;
}

const isOwn = (actor: Actor, file: AttachmentSubject): boolean =>
  actor.id !== null && file.uploadedBy?.kind === actor.kind && file.uploadedBy.id === actor.id;

/** Of a ticket that the actor may read. A contact gets the files of public messages, and what they uploaded themselves. */
export const maySee = (actor: Actor, file: AttachmentSubject): boolean =>
  actor.kind !== 'contact' || file.isPublic || (file.isWaiting && isOwn(actor, file));

/** What an agent uploaded any agent may post; a contact only what they uploaded themselves. */
export const mayPost = (actor: Actor, file: AttachmentSubject): boolean =>
  actor.kind === 'system' || isOwn(actor, file) || (actor.kind === 'agent' && file.uploadedBy?.kind === 'agent');

/** Whoever uploaded it, or a manager; a contact only as long as nobody else has read it. */
export function mayDelete(actor: Actor, file: AttachmentSubject): boolean {
  if (actor.kind === 'system') return true;
  if (actor.kind === 'contact') return file.isWaiting && isOwn(actor, file);
  if (actor.role === 'manager' || actor.role === 'admin') return true;
  return actor.role === 'agent' && isOwn(actor, file);
}
