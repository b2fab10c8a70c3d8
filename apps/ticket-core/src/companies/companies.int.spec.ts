import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestCore } from '../../../../test/support/core.js';

let core: TestCore;
beforeAll(async () => {
  core = await TestCore.start();
}, 60_000);
afterAll(() => core.close());

const add = async (json: object) => String((await core.http('/api/v1/companies', { json })).body['id']);

describe('companies', () => {
  it('are found behind any number of newer ones by name and domain, and no others', async () => {
    const uebermut = await add({ name: 'ÜBERMUT AG', domains: ['ueber.example'] });
    const x = await add({ name: 'Xy' });
    const gone = await add({ name: 'Übermut GmbH' });
    await core.http(`/api/v1/companies/${gone}`, { method: 'DELETE' });
    await core.http('/api/v1/companies', { json: { name: 'Übermut' }, key: core.globex.apiKey });
    await core.sql(
      `INSERT INTO companies (org_id, id, name, created_at, updated_at) SELECT $1, uuidv7(), 'Company ' || n, now(), now() FROM generate_series(1, 600) n`,
      [core.acme.id],
    );
    const find = async (query: string) => {
      const found: string[] = [];
      for (let cursor = ''; ;) {
        const { body } = await core.http(`/api/v1/companies?${query}${cursor}`);
        found.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
        if (body['nextCursor'] === null) return found;
        cursor = `&cursor=${body['nextCursor'] as string}`;
      }
    };
    for (const q of ['Übermut', 'bermut', 'ueber.exa', 'AG', 't a'])
      expect([q, await find(`q=${q}`)]).toEqual([q, [uebermut]]);
    expect(await find('q=xy')).toEqual([x]);
    for (const q of ['nobody', 'vw']) expect([q, await find(`q=${q}`)]).toEqual([q, []]);
    expect(await find('q=company 600')).toHaveLength(1);
    expect(new Set(await find('q=y&limit=100')).size).toBe(601);
    expect((await find('limit=100')).slice(-2)).toEqual([x, uebermut]);
  });
});
