import type { Standing } from '../people/person.js';

export type FieldKind = 'ticket' | 'line' | 'text' | 'status' | 'priority' | 'person' | 'email' | 'rest';

export interface Field {
  name: 'ticket' | 'subject' | 'text' | 'status' | 'priority' | 'person' | 'category' | 'email' | 'filters' | 'verb';
  kind: FieldKind;
  label: string;
  /** May be left out. */
  optional?: boolean;
  /** Only in the modal, never on the command line. */
  modalOnly?: boolean;
  /** Most characters of a typed value. */
  max?: number;
}

export interface VerbDefinition {
  name: string;
  also: readonly string[];
  fields: readonly Field[];
  /** One line for help, said to somebody. */
  does: string;
  /** What follows the verb, in an example that works. */
  example: string;
  /** The least that one must be. */
  who: Standing;
  /** Title and button of its modal, at most 24 characters each; none for verbs that need nothing. */
  modal?: { title: string; submit: string };
}

const ticket: Field = { name: 'ticket', kind: 'ticket', label: 'Ticket number' };

/** Everything that can be typed after the command: parsing, help, modals, the manifest and the tests read this table. */
export const VERBS = [
  {
    name: 'new',
    also: ['open', 'create'],
    fields: [
      { name: 'subject', kind: 'line', label: 'Subject', max: 500 },
      { name: 'text', kind: 'text', label: 'Description', optional: true, modalOnly: true },
      { name: 'priority', kind: 'priority', label: 'Priority', optional: true, modalOnly: true },
      { name: 'category', kind: 'line', label: 'Category', optional: true, modalOnly: true, max: 100 },
      { name: 'email', kind: 'email', label: 'Requester’s e-mail', optional: true, modalOnly: true },
    ],
    does: 'opens a ticket; without a subject it asks for everything',
    example: 'new Printer on floor 3 is on fire',
    who: 'guest',
    modal: { title: 'New ticket', submit: 'Open ticket' },
  },
  {
    name: 'view',
    also: ['show'],
    fields: [ticket],
    does: 'shows a ticket, only to you; the number alone does the same',
    example: 'view 42',
    who: 'guest',
    modal: { title: 'Look at a ticket', submit: 'Show' },
  },
  {
    name: 'list',
    also: ['ls', 'queue'],
    fields: [{ name: 'filters', kind: 'rest', label: 'Filters', optional: true }],
    does: 'lists tickets: mine, unassigned, open, breached, resolved, all; priority:high tag:vip assignee:@bea, or words',
    example: 'list unassigned priority:high',
    who: 'guest',
  },
  {
    name: 'take',
    also: ['claim'],
    fields: [ticket],
    does: 'makes a ticket yours',
    example: 'take 42',
    who: 'agent',
    modal: { title: 'Take a ticket', submit: 'Take' },
  },
  {
    name: 'assign',
    also: [],
    fields: [ticket, { name: 'person', kind: 'person', label: 'Who takes it' }],
    does: 'gives a ticket to somebody',
    example: 'assign 42 @bea',
    who: 'agent',
    modal: { title: 'Assign a ticket', submit: 'Assign' },
  },
  {
    name: 'unassign',
    also: ['drop'],
    fields: [ticket],
    does: 'puts a ticket back for anybody to take',
    example: 'unassign 42',
    who: 'agent',
    modal: { title: 'Unassign a ticket', submit: 'Unassign' },
  },
  {
    name: 'reply',
    also: ['answer'],
    fields: [ticket, { name: 'text', kind: 'text', label: 'Reply to the customer' }],
    does: 'answers the customer; shows who gets it, and can be undone for a moment',
    example: 'reply 42 It works again since noon.',
    who: 'agent',
    modal: { title: 'Reply to the customer', submit: 'Send' },
  },
  {
    name: 'note',
    also: ['comment'],
    fields: [ticket, { name: 'text', kind: 'text', label: 'Internal note' }],
    does: 'adds an internal note; the customer never sees it',
    example: 'note 42 Third time this month.',
    who: 'agent',
    modal: { title: 'Internal note', submit: 'Add note' },
  },
  {
    name: 'status',
    also: ['state'],
    fields: [ticket, { name: 'status', kind: 'status', label: 'Status' }],
    does: 'changes the status: open, in_progress, pending, on_hold, resolved, closed',
    example: 'status 42 pending',
    who: 'agent',
    modal: { title: 'Change the status', submit: 'Change' },
  },
  {
    name: 'resolve',
    also: ['done', 'solve'],
    fields: [ticket, { name: 'text', kind: 'text', label: 'What was done', optional: true }],
    does: 'resolves a ticket; what was done becomes an internal note',
    example: 'resolve 42 Replaced the toner.',
    who: 'agent',
    modal: { title: 'Resolve a ticket', submit: 'Resolve' },
  },
  {
    name: 'reopen',
    also: [],
    fields: [ticket],
    does: 'opens a resolved ticket again',
    example: 'reopen 42',
    who: 'agent',
    modal: { title: 'Reopen a ticket', submit: 'Reopen' },
  },
  {
    name: 'priority',
    also: ['prio'],
    fields: [ticket, { name: 'priority', kind: 'priority', label: 'Priority' }],
    does: 'changes the priority: low, medium, high, urgent',
    example: 'priority 42 high',
    who: 'agent',
    modal: { title: 'Change the priority', submit: 'Change' },
  },
  {
    name: 'category',
    also: [],
    fields: [ticket, { name: 'category', kind: 'line', label: 'Category', max: 100 }],
    does: 'changes the category',
    example: 'category 42 billing',
    who: 'agent',
    modal: { title: 'Change the category', submit: 'Change' },
  },
  {
    name: 'sla',
    also: ['clocks'],
    fields: [ticket],
    does: 'shows the clocks of a ticket',
    example: 'sla 42',
    who: 'viewer',
    modal: { title: 'SLA clocks', submit: 'Show' },
  },
  {
    name: 'report',
    also: ['compliance'],
    fields: [{ name: 'filters', kind: 'rest', label: 'Week, month or quarter', optional: true }],
    does: 'shows how many targets were met, and how fast: week, month or quarter',
    example: 'report month',
    who: 'viewer',
  },
  {
    name: 'help',
    also: ['?'],
    fields: [{ name: 'verb', kind: 'line', label: 'Verb', optional: true, max: 40 }],
    does: 'shows what you can do, or how one of these is used',
    example: 'help reply',
    who: 'guest',
  },
] as const satisfies readonly VerbDefinition[];

export type VerbName = (typeof VERBS)[number]['name'];

export const verbNamed = (name: VerbName): VerbDefinition => VERBS.find((verb) => verb.name === name)!;

/** How it is used: `reply <ticket> <text>`; what may be left out in brackets. */
export const usageOf = (verb: VerbDefinition): string =>
  [
    verb.name,
    ...verb.fields
      .filter(({ modalOnly }) => !modalOnly)
      .map(({ name, kind, optional }) => {
        const word = kind === 'ticket' ? '42' : name;
        return optional ? `[${word}]` : word;
      }),
  ].join(' ');
