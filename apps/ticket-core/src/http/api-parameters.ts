/** What a parameter of a path or a query means, and such a value. */
export interface ParameterWords {
  description: string;
  example: unknown;
}

const ID = '019a8f3e-6c10-7b52-9d41-2f0c6a7e5b13';
const said = (description: string, example: unknown): ParameterWords => ({ description, example });

/** In paths: one name means one thing everywhere. */
export const PATH_PARAMETERS: Readonly<Record<string, ParameterWords>> = {
  ticket: said('The ticket’s id, or its number with or without #.', '42'),
  message: said('The message’s id.', ID),
  agent: said('The agent’s id, e-mail address, handle or exact name; `me` where one watches.', 'bea@acme.test'),
  attachment: said('The file’s id.', ID),
  canned: said('The canned response’s id or shortcut.', 'ask-logs'),
  category: said('The category’s id or name.', 'billing'),
  company: said('The company’s id.', ID),
  contact: said('The contact’s id.', ID),
  email: said('One of the contact’s addresses.', 'casey@home.example'),
  entry: said('The time entry’s id.', ID),
  field: said('The custom field’s id or key.', 'plan'),
  key: said('The API key’s id, which is not the key.', ID),
  link: said('The link’s id, as GET …/links tells it.', ID),
  policy: said('The policy’s id.', ID),
  calendar: said('The calendar’s id.', ID),
  tag: said('The tag’s id; its name on a ticket.', ID),
  team: said('The team’s id, handle or name.', 'billing'),
  template: said('The template’s id.', ID),
  view: said('The saved view’s id.', ID),
};

const filters: Readonly<Record<string, ParameterWords>> = {
  status: said('Any of these; several with commas, or the parameter repeated. `waiting` is `pending`.', 'open,pending'),
  priority: said('Any of these. `critical` is `urgent`.', 'high,critical'),
  category: said('Any of these.', 'technical'),
  source: said('How it came, any of these.', 'email,slack'),
  kind: said('Any of these.', 'incident'),
  assigneeId: said('Agents’ ids, `me`, or `none` for nobody’s.', 'me'),
  unassigned: said('`true`: nobody’s; `false`: somebody’s.', true),
  teamId: said('Teams’ ids, or `none`.', 'none'),
  creatorId: said('Agents who opened it.', ID),
  contactId: said('Contacts whose it is.', ID),
  contactEmail: said('Any address of the contact.', 'casey@customer.example'),
  companyId: said('Companies of the contact.', ID),
  tag: said('Has any of these tags.', 'regression,outage'),
  tagAll: said('Has all of these tags.', 'regression,enterprise-customer'),
  sla: said('Where its clocks stand, any of these.', 'breached,warning'),
  text: said('Words in it, as in the search.', 'paper jam'),
  q: said('Another name of `text`.', 'printer'),
  createdFrom: said('Opened at this instant or day, or later; days are the organisation’s.', '2026-01-01'),
  createdTo: said('Opened before this instant, or on this day at the latest.', '2026-01-31'),
  updatedFrom: said('Changed at this instant or day, or later.', '2026-01-01T08:00:00Z'),
  updatedTo: said('Changed before this instant, or on this day at the latest.', '2026-12-31'),
  resolvedFrom: said('Resolved at this instant or day, or later.', '2026-01-01'),
  resolvedTo: said('Resolved before this instant, or on this day at the latest.', '2026-01-31'),
  number: said('Tickets’ numbers.', '41,42'),
  entity: said('What it is about, as `type:id`.', 'device:pump-7'),
  customFields: said(
    'By a custom field: `customFields.plan=gold`, or `customFields[plan]=gold`; several fields hold together.',
    { plan: 'gold' },
  ),
  deleted: said('Deleted ones instead (managers).', false),
  watching: said('Those that you watch.', 'me'),
};

const paging: Readonly<Record<string, ParameterWords>> = {
  limit: said('How many at most.', 20),
  cursor: said('`nextCursor` of the page before; absent: the first page.', undefined),
};

/** In queries: by name, where an operation says nothing else below. */
const QUERY_PARAMETERS: Readonly<Record<string, ParameterWords>> = {
  ...filters,
  ...paging,
  q: said('Part of a name or address.', 'bea'),
  sort: said('In which order; with - in front the other way round.', '-updated'),
  total: said('Counts all that match, too: up to 10,000.', true),
  counts: said('Adds how many tickets each has.', true),
  deleted: said('Reads it even when it was deleted, for those who may restore it.', 'true'),
  role: said('Only of this role.', 'agent'),
  team: said('Only of this team: its id, handle or name.', undefined),
  teamId: said('Of this team, beside everybody’s.', undefined),
  includeDisabled: said('Those who were disabled, too.', true),
  includeRevoked: said('Those that were revoked, too.', true),
  agentId: said('Only of this agent, by id.', undefined),
  companyId: said('Only of this company, by id.', undefined),
  subjectType: said('Only about such things.', 'tag'),
  subjectId: said('Only about this one.', ID),
  actorId: said('Only by this agent.', ID),
  action: said('Only this.', 'created'),
  since: said('From this instant on.', '2026-01-01T00:00:00Z'),
  until: said('Before this instant.', '2027-01-01T00:00:00Z'),
  name: said('The file’s name, where the body is the file itself.', 'router.log'),
  inline: said('Pictures, PDF and plain text may be shown in a browser, instead of saved.', '1'),
  force: said('Even with open tickets (managers).', 'true'),
  replaceBy: said('Id or name of the category that its tickets get; needed when it has any.', 'general'),
  moveTo: said('Where its open tickets go: a team’s id, handle or name, or `none`; needed when it has any.', 'none'),
  unread: said('Only those that were not read.', true),
  includeWarnings: said('Those that are about to miss a target, too.', 'true'),
  policyId: said('Only of this policy.', undefined),
  from: said(
    'From this instant or day on; a day begins in the time zone of the organisation, or of what is asked about.',
    '2026-01-01',
  ),
  to: said('Before this instant or day.', '2026-02-01'),
  timezone: said('Whose days and weeks, if not the organisation’s: an IANA zone.', 'Europe/Berlin'),
  groupBy: said('A row for each of these, in combination.', 'week,priority'),
  format: said('JSON, or a table for a spreadsheet. `Accept: text/csv` says the same.', 'json'),
  period: said('Adds a series by day, week or month.', 'month'),
  ticket: said('Only of this ticket, by id or number.', undefined),
  billable: said('Only billable ones, or only others.', true),
  invoiced: said('Only invoiced ones, or only others.', false),
};

const HEADER_PARAMETERS: Readonly<Record<string, ParameterWords>> = {
  'if-match': said(
    'The ETag (the `version`) that you have read: CONFLICT when it is another one by now (RFC 9110 13.1.1).',
    '"3"',
  ),
};

/** Operations whose queries choose tickets, by the filters of GET /tickets. */
const CHOOSE_TICKETS = ['Tickets_list', 'Contacts_ticketsOf', 'Search_search', 'Stats_read'];
const OF_ONE_OPERATION: Readonly<Record<string, Readonly<Record<string, ParameterWords>>>> = {
  Search_search: { q: said('Words, "phrases", and -words without.', '"paper jam" printer -toner') },
  Stats_read: {
    from: said('Opened on this day or later, in the organisation’s time zone.', '2026-01-01'),
    to: said('Opened on this day at the latest.', '2026-12-31'),
  },
  CannedResponses_list: { sort: said('By title, or what is used most first.', 'used') },
  TicketTags_remove: { tag: said('The tag’s name.', 'regression') },
};

/** What is known of a parameter; undefined for one that nobody has described yet. */
export function wordsOf(operationId: string, place: string, name: string): ParameterWords | undefined {
  const own = OF_ONE_OPERATION[operationId]?.[name];
  if (own) return own;
  if (place === 'path') return PATH_PARAMETERS[name];
  if (place === 'header') return HEADER_PARAMETERS[name];
  return (CHOOSE_TICKETS.includes(operationId) ? filters[name] : undefined) ?? QUERY_PARAMETERS[name];
}
