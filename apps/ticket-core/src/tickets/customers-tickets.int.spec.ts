import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Actor } from '#shared/contracts/actor.js';
import { listActivities, listMessages, postMessage } from '#shared/contracts/messages.js';
import { listTickets } from '#shared/contracts/ticket-lists.js';
import { listTime, logTime } from '#shared/contracts/time-entries.js';
import { getTicket, openTicket, updateTicket } from '#shared/contracts/tickets.js';
import { refusalOf, TestCore } from '../../../../test/support/core.js';

let core: TestCore;
let mark = 0;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());

/** What no customer may ever read; each is looked for in every byte that one gets. */
const secret = () => `sekret-${(mark += 1)}-${Math.random().toString(36).slice(2)}`;
const agent = () => ({ actor: core.actorOf(core.acme, 'manager') });

/** Every byte that somebody is answered with, whatever they ask for: answers and refusals alike. */
async function everythingSaidTo(actor: Actor, ticket: { id: string; number: number }): Promise<string> {
  const questions: [subject: string, data: unknown][] = [
    [getTicket.subject, { ticket: ticket.id }],
    [getTicket.subject, { ticket: ticket.number }],
    [listTickets.subject, {}],
    [listTickets.subject, { sort: 'updated', total: true }],
    [listTickets.subject, { tag: 'vip' }],
    [listTickets.subject, { sort: 'slaDeadline' }],
    [listMessages.subject, { ticket: ticket.id }],
    [listMessages.subject, { ticket: ticket.id, limit: 1 }],
    [listActivities.subject, { ticket: ticket.id }],
    [listTime.subject, { ticket: ticket.id }],
    [updateTicket.subject, { ticket: ticket.id, subject: 'mine' }],
    ['desk.core.messages.recipients', { ticket: ticket.id }],
    ['desk.core.contacts.list', {}],
    ['desk.core.contacts.get', { id: actor.id }],
    ['desk.core.companies.list', {}],
    ['desk.core.tickets.search', { q: 'help' }],
    ['desk.core.attachments.list', { ticket: ticket.id }],
  ];
  const answers = await Promise.all(
    questions.map(([subject, data]) => core.ask(subject, data, actor).catch(() => null)),
  );
  return JSON.stringify(answers);
}

describe('what a customer gets', () => {
  it('is nothing that is internal, over every way in, whatever was done to the ticket', async () => {
    const step = fc.constantFrom('note', 'tag', 'field', 'time', 'assign', 'kind', 'reply', 'entity');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        const email = `casey${(mark += 1)}@customer.example`;
        const ticket = await core.client.request(openTicket, { subject: 'Help', contactEmail: email }, agent());
        const other = await core.client.request(
          openTicket,
          { subject: secret(), contactEmail: `other-${secret()}@elsewhere.example`, description: secret() },
          agent(),
        );
        const hidden = [other.subject, other.description, other.contactEmail!, core.acme.agents.agent.email];
        const said: string[] = [];
        const hide = () => {
          const text = secret();
          hidden.push(text);
          return text;
        };
        const post = (content: string, isInternalNote: boolean) =>
          core.client.request(postMessage, { ticket: ticket.id, content, isInternalNote }, agent());
        const change = (fields: object) => core.client.request(updateTicket, { ticket: ticket.id, ...fields }, agent());
        for (const kind of steps) {
          if (kind === 'note') await post(hide(), true);
          if (kind === 'reply') said.push((await post(`answer-${secret()}`, false)).content);
          if (kind === 'tag') await change({ tags: [hide().slice(0, 50)] });
          if (kind === 'field')
            await core.sql('UPDATE tickets SET custom_fields = $2 WHERE id = $1', [ticket.id, { plan: hide() }]);
          if (kind === 'kind') await change({ kind: hide() });
          if (kind === 'entity')
            await core.sql('UPDATE tickets SET entity = $2 WHERE id = $1', [
              ticket.id,
              { type: 'device', id: hide(), name: hide() },
            ]);
          if (kind === 'assign') await change({ assigneeId: core.acme.agents.agent.id });
          if (kind === 'time')
            await core.client.request(logTime, { ticket: ticket.id, minutes: 7, description: hide() }, agent());
        }
        const actor = core.contactOf(core.acme, ticket.contact!.id);
        const heard = await everythingSaidTo(actor, ticket);
        for (const text of hidden) expect(heard).not.toContain(text);
        // And it is not simply deaf.
        for (const text of said) expect(heard).toContain(text);
        const view = await core.client.request(getTicket, { ticket: ticket.id }, { actor });
        expect(view).toMatchObject({
          subject: 'Help',
          contact: { email },
          messageCount: said.length,
          tags: [],
          customFields: {},
          sla: [],
          slaDeadline: null,
          team: null,
          creator: null,
        });
        expect(view.timeSpentMinutes).toBeUndefined();
        // Somebody else's ticket is not there at all.
        const stranger = await everythingSaidTo(core.contactOf(core.acme, other.contact!.id), ticket);
        expect(stranger).not.toContain(email);
        for (const text of said) expect(stranger).not.toContain(text);
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it('is a list of their own tickets, which cannot be asked about what is kept from them', async () => {
    const email = 'lister@customer.example';
    const mine = await core.client.request(openTicket, { subject: 'Mine', contactEmail: email }, agent());
    await core.client.request(openTicket, { subject: 'Not mine', contactEmail: 'b@customer.example' }, agent());
    const actor = core.contactOf(core.acme, mine.contact!.id);
    const list = (input: object) => core.client.request(listTickets, input, { actor });
    expect((await list({})).items.map(({ id }) => id)).toEqual([mine.id]);
    expect((await list({ status: 'open', sort: 'created' })).items).toHaveLength(1);
    for (const [input, pointer] of [
      [{ tag: 'vip' }, '/tag'],
      [{ sla: 'breached' }, '/sla'],
      [{ assigneeId: 'none' }, '/assigneeId'],
      [{ customFields: { plan: 'gold' } }, '/customFields'],
      [{ contactEmail: 'b@customer.example' }, '/contactEmail'],
      [{ sort: 'slaDeadline' }, '/sort'],
      [{ sort: '-messageCount' }, '/sort'],
    ] as const) {
      expect(await refusalOf(list(input))).toMatchObject({ code: 'FORBIDDEN', pointers: [pointer] });
    }
    expect(await refusalOf(core.client.request(listActivities, { ticket: mine.id }, { actor }))).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('tells agents what time a ticket has cost', async () => {
    const ticket = await core.client.request(openTicket, { subject: 'Timed' }, agent());
    for (const minutes of [10, 25]) await core.client.request(logTime, { ticket: ticket.id, minutes }, agent());
    expect((await core.client.request(getTicket, { ticket: ticket.id }, agent())).timeSpentMinutes).toBe(35);
    const listed = await core.client.request(listTickets, {}, agent());
    expect(listed.items.every(({ timeSpentMinutes }) => timeSpentMinutes === undefined)).toBe(true);
  });
});
