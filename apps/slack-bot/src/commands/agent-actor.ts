import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { mayDo, type Person } from '../people/person.js';
import type { VerbDefinition } from './verbs.js';

/** The agent's actor, or an error that says why not. The core checks the role again. */
export function agentActor(person: Person): Actor {
  if (person.actor) return person.actor;
  throw new DeskError('FORBIDDEN', notAnAgent(person));
}

export function refuseUnlessAllowed(person: Person, verb: VerbDefinition): void {
  if (mayDo(person, verb.who)) return;
  throw new DeskError(
    'FORBIDDEN',
    person.actor ? 'Your role lets you look at tickets, but not change them.' : notAnAgent(person),
  );
}

const notAnAgent = ({ email }: Person): string =>
  email === null
    ? 'Slack does not show me your e-mail address, so I cannot tell whether you are an agent. Please ask an administrator.'
    : `Only agents can do that, and ${email} is not one. Please ask an administrator to add you.`;
