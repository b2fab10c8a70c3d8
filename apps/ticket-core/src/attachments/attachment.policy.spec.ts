import { describe, expect, it } from '@jest/globals';
import type { Actor } from '#shared/contracts/actor.js';
import { type AttachmentSubject, mayDelete, mayPost, maySee } from './attachment.policy.js';

const ID = '0198a000-0000-7000-8000-000000000001';
const OTHER = '0198a000-0000-7000-8000-000000000002';
const agent = (role: NonNullable<Actor['role']> = 'agent', id = ID): Actor => ({
  orgId: ID,
  kind: 'agent',
  id,
  name: 'Bea',
  role,
  teamIds: null,
  surface: 'api',
});
const contact = (id = ID): Actor => ({ ...agent(), kind: 'contact', id, role: null });
const file = (over: Partial<AttachmentSubject> = {}): AttachmentSubject => ({
  isPublic: false,
  isWaiting: true,
  uploadedBy: { kind: 'agent', id: ID },
  ...over,
});
const posted = { isWaiting: false };
const byMail = { uploadedBy: null, isWaiting: false, isPublic: true };
const byContact = { uploadedBy: { kind: 'contact' as const, id: ID } };

describe('an attachment', () => {
  it('is seen by a contact when its message is public, or it is their own that waits', () => {
    expect(maySee(contact(), file({ ...posted, isPublic: true }))).toBe(true);
    expect(maySee(contact(), file(posted))).toBe(false);
    expect(maySee(contact(), file())).toBe(false); // an agent with the same id is somebody else
    expect(maySee(contact(), file(byContact))).toBe(true);
    expect(maySee(contact(OTHER), file(byContact))).toBe(false);
    expect(maySee(contact(), file({ ...byContact, ...posted }))).toBe(false);
    expect(maySee(agent('viewer'), file(posted))).toBe(true);
  });

  it('is posted by who uploaded it, or by any agent when an agent did', () => {
    expect(mayPost(agent('agent', OTHER), file())).toBe(true);
    expect(mayPost(contact(), file())).toBe(false);
    expect(mayPost(contact(), file(byContact))).toBe(true);
    expect(mayPost(agent(), file(byContact))).toBe(false);
    expect(mayPost(agent(), file({ uploadedBy: null }))).toBe(false);
  });

  it('is deleted by who uploaded it or a manager', () => {
    expect(mayDelete(agent(), file(posted))).toBe(true);
    expect(mayDelete(agent('agent', OTHER), file())).toBe(false);
    expect(mayDelete(agent('manager', OTHER), file())).toBe(true);
    expect(mayDelete(agent('admin', OTHER), file(byMail))).toBe(true);
    expect(mayDelete(agent(), file(byMail))).toBe(false);
    expect(mayDelete(agent('viewer'), file())).toBe(false);
    expect(mayDelete(contact(), file(byContact))).toBe(true);
    expect(mayDelete(contact(), file({ ...byContact, ...posted, isPublic: true }))).toBe(false);
  });
});
