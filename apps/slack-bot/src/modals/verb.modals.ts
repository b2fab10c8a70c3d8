import type { CustomFieldView } from '#shared/contracts/custom-fields.js';
import { PRIORITIES, STATUSES } from '#shared/contracts/values.js';
import { SLACK_LIMITS as MAX, cutTo } from '#slack/limits.js';
import { PRIORITY_WORDS, STATUS_WORDS } from '../cards/ticket-words.view.js';
import type { Values } from '../commands/parse-command.js';
import type { Field, VerbDefinition } from '../commands/verbs.js';
import { type Block, context, option, plain, section, type SlackView } from '../slack/blocks.view.js';
import { escapeTo, oneLine } from '../slack/mrkdwn.js';
import { customFieldInputs } from './custom-field.modals.js';

/** Where the person was when the modal opened, so that the answer can be told there. */
export interface ModalOrigin {
  channel?: string | undefined;
  responseUrl?: string | undefined;
  threadTs?: string | undefined;
}

export interface VerbModalInput {
  verb: VerbDefinition;
  values: Values;
  origin: ModalOrigin;
  /** When the ticket is known: it is shown instead of asked for. */
  ticket?: { id: string; number: number; subject: string } | undefined;
  /** Who gets a reply; shown before it is sent. */
  recipients?: { to: readonly string[]; cc: readonly string[] } | undefined;
  undoSeconds?: number;
  /** The desk's own fields that the ticket must have. */
  customFields?: readonly CustomFieldView[];
}

/** What the modal keeps for its submission. */
export interface ModalMemory {
  verb: string;
  ticket: string | null;
  origin: ModalOrigin;
}

export const VERB_MODAL = 'verb';

/** Asks for what a verb needs. Block ids are the fields' names, so that an error finds its place. */
export function verbModal(input: VerbModalInput): SlackView {
  const { verb, values, origin, ticket } = input;
  const memory: ModalMemory = { verb: verb.name, ticket: ticket?.id ?? null, origin };
  return {
    type: 'modal',
    callback_id: VERB_MODAL,
    private_metadata: JSON.stringify(memory),
    title: plain(verb.modal?.title ?? verb.name, MAX.viewTitle),
    submit: plain(verb.modal?.submit ?? 'Go', MAX.viewButton),
    close: plain('Cancel', MAX.viewButton),
    blocks: [
      ...(ticket ? [section(`*#${ticket.number}*  ${oneLine(ticket.subject, 600)}`)] : []),
      ...(input.recipients ? recipientBlocks(input.recipients) : []),
      ...verb.fields.filter(({ kind }) => !(kind === 'ticket' && ticket)).map((field) => inputOf(field, values)),
      ...customFieldInputs(input.customFields ?? []),
      ...footOf(input),
    ],
  };
}

function recipientBlocks({ to, cc }: { to: readonly string[]; cc: readonly string[] }): Block[] {
  if (to.length === 0) {
    return [section(':warning: This ticket has no customer with an e-mail address: a reply would reach nobody.')];
  }
  const names = (addresses: readonly string[]): string =>
    escapeTo(addresses.slice(0, 20).join(', '), 1_200) +
    (addresses.length > 20 ? ` and ${addresses.length - 20} more` : '');
  return [section(`*To* ${names(to)}${cc.length > 0 ? `\n*Copy* ${names(cc)}` : ''}`)];
}

function footOf({ verb, undoSeconds }: VerbModalInput): Block[] {
  if (verb.name === 'reply' && verb.fields.some(({ name }) => name === 'text')) {
    const undo = undoSeconds ? ` You can take it back for ${undoSeconds} seconds.` : '';
    return [context(`:incoming_envelope: The customer gets this by e-mail.${undo}`)];
  }
  if (verb.name === 'note' || verb.name === 'resolve') return [context(':lock: Only the team sees this.')];
  return [];
}

function inputOf(field: Field, values: Values): Block {
  return {
    type: 'input',
    block_id: field.name,
    label: plain(field.label, MAX.inputLabel),
    optional: field.optional === true,
    element: elementOf(field, values[field.name]),
  };
}

function elementOf(field: Field, given: string | undefined): Block {
  const action_id = 'value';
  const initial = (text: string | undefined, max: number) =>
    text === undefined || text === '' ? {} : { initial_value: cutTo(text, max) };
  switch (field.kind) {
    case 'status':
      return select(
        STATUSES.map((status) => option(STATUS_WORDS[status], status)),
        given,
      );
    case 'priority':
      return select(
        PRIORITIES.map((priority) => option(PRIORITY_WORDS[priority], priority)),
        given,
      );
    case 'person':
      return { type: 'users_select', action_id, placeholder: plain('An agent', MAX.placeholder) };
    case 'email':
      return { type: 'email_text_input', action_id, ...initial(given, MAX.inputText) };
    case 'ticket':
      return {
        type: 'plain_text_input',
        action_id,
        max_length: 10,
        placeholder: plain('42', MAX.placeholder),
        ...initial(given, 10),
      };
    case 'text':
    case 'rest':
      return {
        type: 'plain_text_input',
        action_id,
        multiline: true,
        max_length: MAX.inputText,
        ...initial(given, MAX.inputText),
      };
    case 'line': {
      const max = field.max ?? MAX.inputText;
      return { type: 'plain_text_input', action_id, max_length: max, ...initial(given, max) };
    }
  }
}

function select(options: readonly Block[], given: string | undefined): Block {
  const chosen = options.find(({ value }) => value === given);
  return {
    type: 'static_select',
    action_id: 'value',
    options,
    ...(chosen && { initial_option: chosen }),
  };
}

/** Shown when looking things up takes longer than Slack keeps the click open. */
export const waitingModal = (title: string): SlackView => ({
  type: 'modal',
  title: plain(title, MAX.viewTitle),
  close: plain('Cancel', MAX.viewButton),
  blocks: [section('One moment…')],
});

export const problemModal = (title: string, problem: string): SlackView => ({
  type: 'modal',
  title: plain(title, MAX.viewTitle),
  close: plain('Close', MAX.viewButton),
  blocks: [section(`:warning: ${escapeTo(problem, 2_500)}`)],
});
