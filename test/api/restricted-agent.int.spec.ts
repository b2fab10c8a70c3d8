import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore, waitFor } from '../support/core.js';
import { documentedOperations, filledPath, type Operation } from './documentation.js';
import { Things } from './things.js';

// An agent who is restricted to teams asks every operation that reads, about tickets of another team and about their own,
// which are linked to, merged into and mentioned by those. What they get says nothing of what stands in the others.

type Json = Record<string, unknown>;

const MARK = 'Vermilion';
const WORDS = `${MARK} contract`;
let core: TestCore;
let things: Things;
let operations: Operation[];
let key: string;
let mine: string;
let hidden: Map<string, string>;
let shown: Map<string, string>;
beforeAll(async () => {
  core = await TestCore.start();
  ({ operations } = await documentedOperations(core));
  things = new Things(core, core.acme, 'Plain');
  mine = await team('mine');
  const theirs = await team('theirs');
  const agent = await things.post<{ id: string }>('/agents', {
    email: 'rest@acme.test',
    name: 'Rest',
    role: 'agent',
    restrictedToTeams: true,
    teamIds: [mine],
  });
  ({ key } = await things.post<{ key: string }>('/keys', { name: 'Rest', agentId: agent.id }));
  hidden = await ticketOf(theirs, WORDS);
  shown = await ticketOf(mine, 'Plain words');
  const merged = await ticketOf(mine, 'Plain words');
  await things.post(`/tickets/${shown.get('ticket')}/links`, { to: hidden.get('ticket'), kind: 'blocks' });
  await things.post(`/tickets/${merged.get('ticket')}/merge`, { into: hidden.get('ticket') });
  await things.post(`/tickets/${shown.get('ticket')}/merge`, { into: (await ticketOf(mine, 'x')).get('ticket') });
  shown.set('merged', merged.get('ticket')!);
}, 90_000);
afterAll(() => core.close());

const team = async (handle: string) => (await things.post<{ id: string }>('/teams', { name: handle, handle })).id;

/** A ticket with something of everything, and the names of it all as paths have them. */
async function ticketOf(teamId: string, words: string): Promise<Map<string, string>> {
  const { id } = await things.post<{ id: string }>('/tickets', {
    subject: words,
    description: words,
    teamId,
    contactEmail: 'casey@customer.example',
  });
  const message = await things.post<{ id: string }>(`/tickets/${id}/messages`, {
    content: words,
    isInternalNote: true,
  });
  const entry = await things.post<{ id: string }>(`/tickets/${id}/time`, { minutes: 5, description: words });
  const made = await things.forPath(['ticket', 'attachment']);
  await core.sql('UPDATE attachments SET ticket_id = $2, name = $3 WHERE id = $1', [made.get('attachment'), id, words]);
  return new Map([
    ['ticket', id],
    ['message', message.id],
    ['entry', entry.id],
    ['attachment', made.get('attachment')!],
  ]);
}

const ask = (path: string, json?: Json) => core.http(`/api/v1${path}`, { key, ...(json && { json }) });
const reading = () => operations.filter(({ method }) => method === 'GET');
const query = ({ queries }: Operation, more: Json = {}) => {
  const required = queries.filter((one) => one.required).map(({ name, example }) => [name, String(example)]);
  const all = { ...Object.fromEntries(required), ...more } as Record<string, string>;
  return Object.keys(all).length === 0 ? '' : `?${new URLSearchParams(all).toString()}`;
};

describe('an agent who sees the tickets of their team', () => {
  it('does not see those of another, by any path', async () => {
    let tried = 0;
    for (const operation of reading().filter(({ pathNames }) => pathNames.some((name) => hidden.has(name)))) {
      if (!operation.pathNames.every((name) => hidden.has(name))) continue;
      const answer = await ask(filledPath(operation.path, hidden) + query(operation));
      expect([operation.path, answer.status]).toEqual([operation.path, 404]);
      tried += 1;
    }
    expect(tried).toBeGreaterThan(10);
  }, 60_000);

  it('reads nothing of them in their own, nor in lists, whatever they look for', async () => {
    const others = await things.forPath([
      ...new Set(reading().flatMap(({ pathNames }) => pathNames.filter((name) => !shown.has(name)))),
    ]);
    for (const operation of reading()) {
      for (const ticket of [shown.get('ticket')!, shown.get('merged')!]) {
        const known = new Map([...others, ...shown, ['ticket', ticket]]);
        const looked = operation.queries.filter(({ name }) => name === 'q' || name === 'text');
        for (const more of [{}, ...looked.flatMap(({ name }) => [{ [name]: MARK }, { [name]: 'vermilio' }])]) {
          const path = filledPath(operation.path, known) + query(operation, more);
          const { status, body } = await ask(path);
          expect([path, status < 500]).toEqual([path, true]);
          const told = JSON.stringify(body).replaceAll(path, '').toLowerCase();
          expect([path, told.includes(MARK.toLowerCase())]).toEqual([path, false]);
        }
      }
    }
  }, 120_000);

  it('counts none of them', async () => {
    const counted = { openTickets: 2, matches: 0, catches: 0 };
    const conditions = [{ field: 'subject', operator: 'contains', value: MARK }];
    const policy = { name: 'Would it?', firstResponseTime: 30, conditions };
    expect((await ask('/sla/policies/preview', policy)).body).toMatchObject({ matches: 0, catches: 0 });
    const all = await core.http('/api/v1/sla/policies/preview', { json: policy });
    expect(all.body).toMatchObject({ matches: 1 });
    const own = await ask('/tickets?status=open,in_progress,pending,on_hold&total=true');
    expect((await ask('/sla/policies/preview', policy)).body).toEqual({ ...counted, openTickets: own.body['total'] });
    expect((await ask(`/tickets/stats?text=${MARK}`)).body).toMatchObject({ total: 0 });
  });

  it('is not told by a suggestion whether a word stands in them', async () => {
    // “printer” in theirs, “prinetr” in the other’s: typed as that one, or as nobody wrote it, it is mended alike.
    await things.post('/tickets', { subject: 'prinetr' });
    await things.post('/tickets', { subject: 'printer', teamId: mine });
    await waitFor(async () => (await core.http('/api/v1/search?q=prinetr')).body['didYouMean'] === null, 'the index');
    expect((await ask('/search?q=prinetr')).body['didYouMean']).toBe('printer');
    expect((await ask('/search?q=prinetx')).body['didYouMean']).toBe('printer');
  });
});
