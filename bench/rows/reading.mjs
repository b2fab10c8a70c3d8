import { Agent, request } from 'undici';
import { percentile, round } from '../figures.mjs';

const REQUESTS = 40;
const SMALL = 10_000;

const NAMES = /\b(AGENT|TEAM|CONTACTNAME|CONTACT|FIRSTEMAIL|EMAIL|COMPANY|POLICY|TICKET)\b/g;

/** Every sort, filter, search and statistic, and how much longer it may take in the large organisation. */
export const READS = {
  ...Object.fromEntries(
    ['created', 'updated', 'priority', 'number', 'slaDeadline', 'messageCount', 'status'].flatMap((sort) => [
      [`list sort=${sort}`, [`tickets?sort=${sort}`, 1.5]],
      [`list sort=-${sort}`, [`tickets?sort=-${sort}`, 1.5]],
    ]),
  ),
  ...Object.fromEntries(
    [
      'status=open',
      'status=open,pending,on_hold',
      'status=closed',
      'priority=urgent',
      'priority=low,critical',
      'category=billing',
      'source=alert',
      'kind=Device offline',
      'assigneeId=none',
      'assigneeId=AGENT',
      'teamId=TEAM',
      'teamId=none',
      'contactId=CONTACT',
      'contactEmail=EMAIL',
      'companyId=COMPANY',
      'tag=vip',
      'tag=legal',
      'tag=regression,onboarding',
      'tagAll=vip,regression',
      'customFields.plan=gold',
      'entity=device:pump-7',
      'sla=breached',
      'sla=warning',
      'sla=paused',
      'sla=ok',
      'sla=none',
      'number=17,4711',
      'createdFrom=2026-06-01&createdTo=2026-06-30',
      'updatedFrom=2026-06-01&updatedTo=2026-06-02',
      'resolvedFrom=2026-06-01&resolvedTo=2026-06-02',
      'status=open&sort=slaDeadline',
      'status=open&priority=urgent&tag=vip',
      'status=open,in_progress,pending,on_hold&sort=-updated',
      'assigneeId=AGENT&sort=-updated',
      'teamId=TEAM&sort=-priority',
      'status=closed&sort=status',
      'sla=breached&sort=-priority',
      'text=printer',
      'text=marmalade',
      'text=printer&status=open',
    ].map((query) => [`list ${query}`, [`tickets?${query}`, 1.5]]),
  ),
  ...Object.fromEntries(
    ['printer', 'marmalade', '"white page" VPN', 'printer -toner', 'printr', 'CONTACTNAME', '4711', 'prin'].map((q) => [
      `search ${q}`,
      [`search?q=${encodeURIComponent(q)}`, 3],
    ]),
  ),
  ...Object.fromEntries(
    [
      'sla/breaches',
      'sla/breaches?includeWarnings=false',
      'sla/breaches?policyId=POLICY',
      'contacts',
      'contacts?q=CONTACTNAME',
      'contacts?q=FIRSTEMAIL',
      'contacts?q=private77',
      'contacts?q=nobodyhasthis',
      'contacts?companyId=COMPANY',
      'companies',
      'companies?q=nobodyhasthis',
      'audit',
      'audit?action=deleted',
      'audit?action=restored',
      'audit?subjectType=team',
      'audit?subjectType=contact&action=deleted',
      'audit?actorId=AGENT',
      'audit?actorId=AGENT&subjectType=team',
      'audit?since=2026-06-01T00:00:00Z&until=2026-06-20T00:00:00Z',
      'time-entries',
      'time-entries?agentId=AGENT',
      'time-entries?billable=false',
      'time-entries?invoiced=false',
      'time-entries?agentId=AGENT&billable=false&invoiced=true',
      'time-entries?from=2026-06-01&to=2026-07-01',
      'time-entries?from=2025-03-04&to=2026-09-17',
      'notifications',
      'notifications?unread=true',
      'agents',
      'teams',
      'tags?counts=true',
      'categories',
      'canned-responses',
      'templates',
      'views',
      'custom-fields',
      'keys',
      'sla/policies',
      'tickets/TICKET/messages',
      'tickets/TICKET/activities',
      'tickets/TICKET/links',
      'tickets/TICKET/watchers',
      'tickets/TICKET/merges',
      'tickets/TICKET/attachments',
      'tickets/TICKET/time-entries',
    ].map((query) => [query, [query, 1.5]]),
  ),
  stats: ['tickets/stats', 3],
  'stats of a month by day': ['tickets/stats?from=2026-06-01&to=2026-06-30&period=day', 3],
  'stats by month': ['tickets/stats?period=month', 3],
  'stats of a contact': ['tickets/stats?contactId=CONTACT', 3],
};

/** Medians of both organisations, asked in turns. `large` and `small` are `{ apiKey, names }`. */
export async function measure(apiUrl, large, small, { requests = REQUESTS, say = () => {} } = {}) {
  const dispatcher = new Agent({ connections: 1 });
  const results = [];
  const once = async ({ apiKey, names }, path) => {
    const query = path.replace(NAMES, (name) => encodeURIComponent(names[name]));
    const startedAtMs = performance.now();
    const { statusCode, body } = await request(`${apiUrl}/api/v1/${query}`, {
      dispatcher,
      headers: { authorization: `Bearer ${apiKey}` },
    });
    const answer = await body.json();
    const tookMs = performance.now() - startedAtMs;
    if (statusCode !== 200) throw new Error(`GET ${query}: ${statusCode} ${JSON.stringify(answer)}`);
    return { tookMs, found: (answer.items ?? answer.breached)?.length ?? answer.total };
  };
  for (const [name, [path, target]] of Object.entries(READS)) {
    const lacking = (path.match(NAMES) ?? []).filter((one) => !large.names[one] || !small.names[one]);
    if (lacking.length > 0) {
      say(`  ${name}: left out, one of them has no ${lacking.join(', ')}`);
      continue;
    }
    for (let at = 0; at < 6; at++) await once(at % 2 ? large : small, path);
    const times = { large: [], small: [] };
    let found = null;
    for (let at = 0; at < requests; at++) {
      times.small.push((await once(small, path)).tookMs);
      const big = await once(large, path);
      times.large.push(big.tookMs);
      found = big.found;
    }
    const [ours, floor] = [percentile(times.large, 50), percentile(times.small, 50)];
    const ratio = round(ours / floor, 2);
    say(`  ${name}: ${round(ours, 2)} ms, ${round(floor, 2)} ms, ${ratio}`);
    results.push({
      name: `reading: ${name}`,
      ours: round(ours, 2),
      floor: round(floor, 2),
      ratio,
      target,
      atMost: true,
      pass: ratio <= target,
      unit: 'ms p50',
      found,
    });
  }
  await dispatcher.close();
  return results;
}

/** Somebody and something of an organisation to filter by. */
export async function namesOf(sql, orgId) {
  const [row] = await sql(
    `SELECT t.assignee_id AS "AGENT", t.team_id AS "TEAM", t.contact_id AS "CONTACT", c.email AS "EMAIL", c.company_id AS "COMPANY", split_part(c.name, ' ', 2) AS "CONTACTNAME",
       (SELECT o.email FROM contacts o WHERE o.org_id = $1 ORDER BY o.id LIMIT 1) AS "FIRSTEMAIL", t.id AS "TICKET",
       (SELECT p.id FROM sla_policies p WHERE p.org_id = $1 ORDER BY p.priority LIMIT 1) AS "POLICY"
     FROM tickets t JOIN contacts c ON c.org_id = t.org_id AND c.id = t.contact_id
     WHERE t.org_id = $1 AND t.assignee_id IS NOT NULL AND t.team_id IS NOT NULL ORDER BY t.number DESC LIMIT 1`,
    [orgId],
  );
  return row;
}

/** First pages, filters, search and statistics with a million tickets, five million messages, beside 10,000 and small ones. */
export async function reading(bench, options, say) {
  const { seed } = await import('../../scripts/seed/seed.mjs');
  const stack = await bench.stack();
  const filled = async (organisation, tickets, small) => {
    const made = await seed({
      databaseUrl: stack.databaseUrl,
      organisation,
      tickets,
      messages: 5,
      small,
      smallTickets: 20,
    });
    const { orgId, apiKey } = made.at(-1);
    return { apiKey, names: await namesOf((text, values) => stack.sql(text, values), orgId) };
  };
  const small = await filled('ten-thousand', SMALL, options.smallOrganisations);
  const large = await filled('large', options.tickets, 0);
  return measure(stack.apiUrl, large, small, { say });
}
