/** What a canned response may speak of; nothing else can be named in one. */
export const CANNED_VARIABLES = [
  { name: 'ticket.number', description: 'The ticket’s number, without #', example: '42' },
  { name: 'ticket.subject', description: 'The ticket’s subject', example: 'Login broken' },
  { name: 'ticket.status', description: 'The ticket’s status, in words', example: 'in progress' },
  { name: 'ticket.priority', description: 'The ticket’s priority', example: 'high' },
  { name: 'ticket.category', description: 'The ticket’s category', example: 'technical' },
  {
    name: 'ticket.createdOn',
    description: 'The day on which it was opened, in the organisation’s time zone',
    example: '2026-11-21',
  },
  { name: 'contact.name', description: 'The customer’s name', example: 'Casey Miller' },
  { name: 'contact.firstName', description: 'The customer’s first name', example: 'Casey' },
  { name: 'contact.email', description: 'The customer’s address', example: 'casey@customer.example' },
  { name: 'company.name', description: 'The customer’s company', example: 'Customer Ltd' },
  { name: 'assignee.name', description: 'Whose ticket it is', example: 'Bea Young' },
  { name: 'agent.name', description: 'Who uses the response', example: 'Alice Smith' },
  { name: 'agent.firstName', description: 'The first name of who uses it', example: 'Alice' },
  { name: 'agent.email', description: 'The address of who uses it', example: 'alice@acme.test' },
  { name: 'organisation.name', description: 'One’s own organisation', example: 'Acme' },
  { name: 'today', description: 'Today, in the organisation’s time zone', example: '2026-11-21' },
] as const;

export type CannedVariable = (typeof CANNED_VARIABLES)[number]['name'];
export const CANNED_NAMES: ReadonlySet<string> = new Set(CANNED_VARIABLES.map(({ name }) => name));

/** What each variable is for one ticket and agent; absent or empty: it has no value. */
export type CannedValues = Partial<Record<CannedVariable, string | null>>;
