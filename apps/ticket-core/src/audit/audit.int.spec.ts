import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore } from '../../../../test/support/core.js';

interface Entry {
  id: string;
  action: string;
  subjectType: string;
  subjectName: string;
  actor: { id: string | null; name: string };
  at: string;
}

let core: TestCore;
const keys: Record<string, string> = {};
beforeAll(async () => {
  core = await TestCore.start();
  for (const agentId of ['max', 'bea', 'vera'])
    keys[agentId] = String((await core.http('/api/v1/keys', { json: { name: agentId, agentId } })).body['key']);
  for (const name of ['One', 'Two', 'Three']) await core.http('/api/v1/teams', { json: { name } });
  await core.http('/api/v1/teams/two', { method: 'PATCH', json: { name: 'Second' } });
  await core.http('/api/v1/teams/three', { method: 'DELETE' });
  await core.http('/api/v1/teams', { json: { name: 'Theirs' }, key: core.globex.apiKey });
}, 60_000);
afterAll(() => core.close());

const read = async (query = '', key?: string) => {
  const answer = await core.http(`/api/v1/audit?${query}`, { ...(key && { key }) });
  return {
    status: answer.status,
    items: answer.body['items'] as Entry[],
    next: answer.body['nextCursor'] as string | null,
  };
};

describe('the audit', () => {
  it('is for managers and admins', async () => {
    expect((await read('', keys['max'])).status).toBe(200);
    expect((await read('', keys['bea'])).status).toBe(403);
    expect((await read('', keys['vera'])).status).toBe(403);
    expect((await core.http('/api/audit')).status).toBe(200);
  });

  it('tells newest first what was done, by filters', async () => {
    const teams = await read('subjectType=team');
    expect(teams.items.map(({ action, subjectName }) => `${action} ${subjectName}`)).toEqual([
      'deleted Three',
      'updated Second',
      'created Three',
      'created Two',
      'created One',
    ]);
    expect((await read('subjectType=team&action=updated')).items).toHaveLength(1);
    expect((await read(`actorId=${core.acme.agents.admin.id}`)).items).toHaveLength(8);
    expect((await read(`actorId=${core.acme.agents.agent.id}`)).items).toEqual([]);
    const [newest, , third] = teams.items;
    expect((await read(`since=${newest!.at}&subjectType=team`)).items).toHaveLength(1);
    expect((await read(`until=${third!.at}&subjectType=team`)).items).toHaveLength(2);
    const { id } = (await core.http('/api/v1/teams/two')).body;
    expect((await read(`subjectId=${String(id)}`)).items.map(({ action }) => action)).toEqual(['updated', 'created']);
  });

  it('reads the same by every filter and several of them, page by page', async () => {
    const admin = core.acme.agents.admin.id;
    const all = (await read('limit=200')).items;
    const pages = async (query: string) => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await read(`${query}&limit=2${cursor && `&cursor=${cursor}`}`);
        found.push(...page.items.map(({ id }) => id));
        cursor = page.next;
      }
      return found;
    };
    for (const action of [undefined, 'created', 'updated', 'deleted', 'restored'])
      for (const subjectType of [undefined, 'team', 'api_key', 'tag'])
        for (const actorId of [undefined, admin]) {
          const asked = Object.entries({ action, subjectType, actorId }).filter(([, value]) => value !== undefined);
          const query = asked.map(([key, value]) => `${key}=${value}`).join('&');
          const fitting = all.filter(
            (entry) =>
              (action ?? entry.action) === entry.action &&
              (subjectType ?? entry.subjectType) === entry.subjectType &&
              (actorId === undefined || entry.actor.id === actorId),
          );
          expect([query, await pages(query)]).toEqual([query, fitting.map(({ id }) => id)]);
        }
  });

  it('is read page by page', async () => {
    const all = (await read()).items.map(({ id }) => id);
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await read(`limit=3${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(paged).toEqual(all);
  });

  it.each(['since=yesterday', 'subjectId=x', 'limit=0', 'limit=201', 'cursor=x', 'ticket=1'])(
    'refuses %s',
    async (query) => {
      expect((await read(query)).status).toBe(400);
    },
  );

  it('holds no secret and nothing of another organisation', async () => {
    const text = JSON.stringify((await read('limit=200')).items);
    expect(text).not.toContain('Theirs');
    for (const key of Object.values(keys)) expect(text).not.toContain(key);
    expect((await read(`actorId=${core.acme.agents.admin.id}`, core.globex.apiKey)).items).toEqual([]);
  });
});
