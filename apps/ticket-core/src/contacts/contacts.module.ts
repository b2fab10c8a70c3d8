import type { Feature } from '../feature.js';
import { ContactRepository } from './contact.repository.js';
import { EnsureContacts } from './ensure-contacts.js';

export const contacts: Feature = {
  controllers: [],
  providers: [ContactRepository, EnsureContacts],
};
