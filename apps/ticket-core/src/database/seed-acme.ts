import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { SEEDED_POLICIES } from '#sla/seeded-policies.js';
import { hashOf } from '../api-keys/key-secret.js';

const PEOPLE = [
  { name: 'Alice', role: 'admin' },
  { name: 'Bea', role: 'agent' },
  { name: 'Max', role: 'manager' },
];

/**
 * Acme, the organisation to try things with: three agents, a support address, an administrator's API key and the seeded
 * policies. Done by the schema's owner, like every set-up; running it again changes nothing but an address or key that is new.
 */
export async function seedAcme(
  databaseUrl: string,
  { apiKey, mailDomain }: { apiKey: string | null; mailDomain: string },
): Promise<string> {
  return seedOrganisation(databaseUrl, { slug: 'acme', name: 'Acme', apiKey, mailDomain });
}

export async function seedOrganisation(
  databaseUrl: string,
  { slug, name, apiKey, mailDomain }: { slug: string; name: string; apiKey: string | null; mailDomain: string },
): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    const known = await client.query<{ id: string }>('SELECT id FROM organisations WHERE slug = $1', [slug]);
    const orgId = known.rows[0]?.id ?? uuidv7();
    await client.query("SELECT set_config('app.org_id', $1, true)", [orgId]);
    if (known.rows.length === 0) {
      await client.query('INSERT INTO organisations (id, slug, name) VALUES ($1, $2, $3)', [orgId, slug, name]);
      await client.query('INSERT INTO ticket_counters (org_id) VALUES ($1)', [orgId]);
      for (const policy of SEEDED_POLICIES) {
        await client.query('INSERT INTO sla_policies (org_id, id, policy, priority) VALUES ($1, $2, $3, $4)', [
          orgId,
          uuidv7(),
          JSON.stringify(policy),
          policy.priority,
        ]);
      }
    }
    for (const person of PEOPLE) {
      await client.query(
        'INSERT INTO agents (org_id, id, email, name, role) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, email) DO NOTHING',
        [orgId, uuidv7(), `${person.name.toLowerCase()}@${slug}.test`, person.name, person.role],
      );
    }
    await client.query('INSERT INTO mailboxes (org_id, address) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      orgId,
      `support@${mailDomain}`,
    ]);
    if (apiKey) {
      await client.query(
        `INSERT INTO api_keys (org_id, id, name, hash, agent_id)
         SELECT $1, $2, 'The administrator’s key of the embedded stack', $3, id FROM agents WHERE org_id = $1 AND email = $4
         ON CONFLICT (hash) DO NOTHING`,
        [orgId, uuidv7(), hashOf(apiKey), `alice@${slug}.test`],
      );
    }
    await client.query('COMMIT');
    return orgId;
  } finally {
    await client.end();
  }
}
