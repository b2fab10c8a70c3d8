import type { Person } from '../people/person.js';
import type { SlackMessage } from '../slack/blocks.view.js';
import type { Values } from './parse-command.js';

/** Somebody wants a verb done: typed, pressed or submitted. */
export interface Asked {
  person: Person;
  /** `ticket` is a number or an id. */
  values: Values;
  /** The desk's own fields, by key, when its form asked for them. */
  customFields?: Record<string, unknown>;
  /** The same for every try of the same wish, so that it is done once. */
  ref: string;
}

/** What is told to who asked, only to them. */
export type Told = SlackMessage;
