import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { emailAddress } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { cutTo } from '#slack/limits.js';
import type { Told } from '../commands/asked.js';
import type { Values } from '../commands/parse-command.js';
import { RunVerb } from '../commands/run-verb.js';
import { type VerbName, verbNamed, VERBS } from '../commands/verbs.js';
import { People } from '../people/people.js';
import { type SubmissionBody, submittedValues } from '../slack/incoming.js';
import { escapeText, quote } from '../slack/mrkdwn.js';
import { Tell } from '../slack/tell.js';
import { wordsFor } from '../slack/words-for-errors.js';
import { blockOfField, submittedFields } from './custom-field.modals.js';
import { PrepareModal } from './prepare-modal.js';
import { problemModal } from './verb.modals.js';

/** What Slack gets back for a submission; nothing closes the modal. */
export type SubmissionAnswer =
  { response_action: 'errors'; errors: Record<string, string> } | { response_action: 'update'; view: unknown };

const memory = z.object({
  verb: z.enum(VERBS.map(({ name }) => name) as [VerbName, ...VerbName[]]),
  ticket: z.string().nullable(),
  origin: z.object({
    channel: z.string().optional(),
    responseUrl: z.string().optional(),
    threadTs: z.string().optional(),
  }),
});

/** Slack waits 3 seconds for the answer to a submission. */
const PATIENCE_MS = 2_200;

@Injectable()
export class SubmitModal {
  constructor(
    private readonly run: RunVerb,
    private readonly prepare: PrepareModal,
    private readonly people: People,
    private readonly tell: Tell,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /**
   * Does what the modal asked for. Mistakes go back to their fields while Slack still waits; when the desk takes longer
   * the modal closes and the outcome is told where the person was, with their text, so that nothing typed is lost.
   */
  async submit(body: SubmissionBody, ack: (answer?: SubmissionAnswer) => Promise<void>): Promise<void> {
    const { verb, ticket, origin } = memory.parse(JSON.parse(body.view.private_metadata));
    const given: Values = submittedValues(body);
    const place = { user: body.user.id, ...origin };
    const problems = checkValues(given);
    if (problems) return ack({ response_action: 'errors', errors: problems });

    const values: Values = { ...given, ...(ticket !== null && { ticket }) };
    if (values.ticket !== undefined) values.ticket = values.ticket.trim().replace(/^#/, '');
    const work = this.work(verb, ticket === null, values, body, origin);
    const done = work.then(
      (outcome) => ({ outcome }),
      (error: unknown) => ({ error }),
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS, null)));
    const first = await Promise.race([done, late]).finally(() => clearTimeout(timer));

    if (first && 'error' in first) {
      this.logUnlessTheirs(first.error, verb);
      return ack(answerFor(first.error, verb, body));
    }
    if (first) {
      if ('next' in first.outcome) return ack({ response_action: 'update', view: first.outcome.next });
      await ack();
      await this.tell.privately(place, first.outcome.told);
      return;
    }
    await ack();
    const last = await done;
    if ('error' in last) {
      this.logUnlessTheirs(last.error, verb);
      const typed = given.text ?? given.subject;
      const text = `:warning: ${escapeText(wordsFor(last.error))}${typed === undefined ? '' : `\nThis is what you had written:\n${quote(typed, 2_500, 60)}`}`;
      await this.tell.privately(place, { text: cutTo(text, 3_900) });
    } else if ('told' in last.outcome) await this.tell.privately(place, last.outcome.told);
  }

  private async work(
    verb: VerbName,
    isFirstStep: boolean,
    values: Values,
    body: SubmissionBody,
    origin: z.output<typeof memory>['origin'],
  ): Promise<{ told: Told } | { next: unknown }> {
    const person = await this.people.person(body.user.id);
    if (verb === 'reply' && isFirstStep) return { next: await this.prepare.forVerb(verb, person, values, origin) };
    return {
      told: await this.run.run(verb, {
        person,
        values,
        customFields: submittedFields(body),
        ref: `slack:view:${body.view.id}`,
      }),
    };
  }

  private logUnlessTheirs(error: unknown, verb: VerbName): void {
    if (error instanceof DeskError && !error.retry) return;
    this.log.warn({ err: error, verb }, 'a modal could not be worked off');
  }
}

/** What can be seen to be wrong without asking anybody, by field. */
function checkValues(given: Values): Record<string, string> | null {
  const errors: Record<string, string> = {};
  if (given.ticket !== undefined && !/^\s*#?\d{1,9}\s*$/.test(given.ticket))
    errors['ticket'] = 'A ticket number, such as 42.';
  if (given.subject !== undefined && given.subject.trim() === '') errors['subject'] = 'Must not be empty.';
  if (given.email !== undefined && !emailAddress.safeParse(given.email).success) {
    errors['email'] = 'An e-mail address, such as casey@customer.example.';
  }
  return Object.keys(errors).length > 0 ? errors : null;
}

/** Field of the modal for each field of the core's contracts. */
const FIELD_OF: Record<string, string> = {
  ticket: 'ticket',
  subject: 'subject',
  description: 'text',
  content: 'text',
  note: 'text',
  priority: 'priority',
  category: 'category',
  contactEmail: 'email',
  status: 'status',
  assigneeId: 'person',
};

function answerFor(error: unknown, verb: VerbName, body: SubmissionBody): SubmissionAnswer {
  const shown = Object.keys(body.view.state.values);
  const errors: Record<string, string> = {};
  const words = wordsFor(error);
  if (error instanceof DeskError) {
    for (const { pointer, message } of error.problems) {
      const [, name = '', key = ''] = pointer.split('/');
      const field = name === 'customFields' ? blockOfField(key) : FIELD_OF[name];
      if (field !== undefined && shown.includes(field)) errors[field] = sentence(message);
    }
    if (error.code === 'NOT_FOUND' && shown.includes('ticket')) errors['ticket'] = sentence(words);
  }
  if (Object.keys(errors).length === 0) {
    const field = shown.includes('text') ? 'text' : shown[0];
    if (field === undefined)
      return { response_action: 'update', view: problemModal(verbNamed(verb).modal?.title ?? verb, words) };
    errors[field] = words;
  }
  return { response_action: 'errors', errors };
}

const sentence = (text: string): string => cutTo(`${text.charAt(0).toUpperCase()}${text.slice(1)}`, 300);
