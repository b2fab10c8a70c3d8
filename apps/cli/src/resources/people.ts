import { list, number, orNone } from '../desk/fields.js';
import { agoOf } from '../output/in-words.js';
import type { Column } from '../output/table.js';
import type { Resource } from './resource.js';
import { addContactCommands, withCompany } from './contact.command.js';
import { addRotateKey } from './rotate-key.command.js';
import { addTeamMembers } from './team-members.command.js';
import { withPeople } from './vocabulary.js';

const id: Column<{ id: string }> = { title: 'ID', of: (item) => item.id, wide: true };
const ROLES = 'viewer, agent, manager or admin';

interface Agent {
  id: string;
  name: string;
  email: string;
  role: string;
  handle?: string;
  restrictedToTeams?: boolean;
  disabledAt?: string | null;
}

export const AGENTS: Resource<Agent> = {
  name: 'agent',
  aliases: ['agents'],
  one: 'agent',
  many: 'agents',
  path: '/agents',
  columns: [
    { title: 'NAME', of: ({ name }) => name, flexible: true },
    { title: 'EMAIL', of: ({ email }) => email },
    { title: 'ROLE', of: ({ role }) => role },
    { title: 'HANDLE', of: ({ handle }) => (handle ? `@${handle}` : ''), wide: true },
    { title: 'DISABLED', of: ({ disabledAt }, nowMs) => agoOf(disabledAt, nowMs), wide: true },
    id,
  ],
  namesOf: ({ name, email, handle }) => [name, email, handle],
  filters: [
    { flags: '--search <words>', about: 'with these words', field: 'q' },
    { flags: '--role <role>', about: ROLES },
    { flags: '--team <team>', about: 'members of a team', field: 'teamId' },
    { flags: '--include-disabled', about: 'those who were disabled, too' },
  ],
  firstField: 'email',
  fields: [
    { flags: '--email <address>', about: 'by which Slack knows them too' },
    { flags: '--name <name>', about: 'as customers read it' },
    { flags: '--role <role>', about: ROLES },
    { flags: '--restricted-to-teams', about: 'sees only tickets of their teams and their own' },
    { flags: '--no-restricted-to-teams', about: 'sees all tickets', field: 'restrictedToTeams' },
  ],
  updateFields: [
    { flags: '--disabled', about: 'works here no more; what they did stays' },
    { flags: '--no-disabled', about: 'works here again', field: 'disabled' },
  ],
  lookUp: { includeDisabled: true },
  deleted: 'Disabled',
  irrevocable: false,
  prepare: withPeople,
};

interface Team {
  id: string;
  name: string;
  handle: string;
  description?: string;
  memberCount?: number;
}

export const TEAMS: Resource<Team> = {
  name: 'team',
  aliases: ['teams'],
  one: 'team',
  many: 'teams',
  path: '/teams',
  columns: [
    { title: 'NAME', of: ({ name }) => name, flexible: true },
    { title: 'HANDLE', of: ({ handle }) => `@${handle}` },
    { title: 'DESCRIPTION', of: ({ description }) => description ?? '', wide: true },
    id,
  ],
  namesOf: ({ name, handle }) => [name, handle],
  firstField: 'name',
  fields: [
    { flags: '--name <name>', about: 'such as Support' },
    { flags: '--handle <handle>', about: 'for @mentions' },
    { flags: '--description <text>', about: 'what it is for' },
  ],
  filters: [{ flags: '--search <words>', about: 'with these words', field: 'q' }],
  deleteOptions: [{ flags: '--move-to <team>', about: 'where its open tickets go: name, handle or id; none' }],
  more: addTeamMembers,
};

interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  role?: string | null;
  scopes?: string[] | null;
  agent?: { name: string } | null;
  expiresAt?: string | null;
  lastUsedAt?: string | null;
  revokedAt?: string | null;
  key?: string;
}

export const KEYS: Resource<ApiKey> = {
  name: 'key',
  aliases: ['keys', 'api-key', 'api-keys'],
  one: 'API key',
  many: 'API keys',
  path: '/keys',
  columns: [
    { title: 'NAME', of: ({ name }) => name, flexible: true },
    { title: 'KEY', of: ({ prefix }) => (prefix ? `${prefix}…` : '') },
    { title: 'AGENT', of: ({ agent }) => agent?.name ?? '' },
    { title: 'ROLE', of: ({ role }) => role ?? '' },
    { title: 'SCOPES', of: ({ scopes }) => scopes?.join(', ') ?? 'all' },
    { title: 'USED', of: ({ lastUsedAt }, nowMs) => agoOf(lastUsedAt, nowMs) || 'never' },
    { title: 'EXPIRES', of: ({ expiresAt }, nowMs) => agoOf(expiresAt, nowMs) || 'never' },
    { title: 'REVOKED', of: ({ revokedAt }) => revokedAt ?? '', wide: true },
    id,
  ],
  namesOf: ({ name, prefix }) => [name, prefix],
  verbs: ['list', 'get', 'create', 'delete'],
  filters: [
    { flags: '--agent <agent>', about: 'of one agent: name, e-mail address or id', field: 'agentId' },
    { flags: '--include-revoked', about: 'those that were revoked, too' },
  ],
  firstField: 'name',
  fields: [
    { flags: '--name <name>', about: 'what it is for' },
    { flags: '--agent <agent>', about: 'whose it is, if not yours', field: 'agentId' },
    { flags: '--role <role>', about: `at most: ${ROLES}` },
    { flags: '--scopes <scopes>', about: 'such as tickets:read,tickets:write', read: list },
    { flags: '--expires-in-days <n>', about: 'after which it is of no use', read: number },
    { flags: '--expires-at <instant>', about: 'or the instant itself' },
  ],
  created: ({ key }) => (key ? `${key}\nThis is shown only now: keep it somewhere safe.` : ''),
  deleted: 'Revoked',
  prepare: withPeople,
  more: addRotateKey,
};

interface Contact {
  id: string;
  name: string;
  email: string;
  company?: { name: string } | null;
  createdAt?: string;
}

export const CONTACTS: Resource<Contact> = {
  name: 'contact',
  aliases: ['contacts'],
  one: 'contact',
  many: 'contacts',
  path: '/contacts',
  columns: [
    { title: 'NAME', of: ({ name }) => name },
    { title: 'EMAIL', of: ({ email }) => email, flexible: true },
    { title: 'COMPANY', of: ({ company }) => company?.name ?? '' },
    id,
  ],
  namesOf: ({ email, name }) => [email, name],
  filters: [
    { flags: '--search <words>', about: 'in names, addresses and companies', field: 'q' },
    { flags: '--company <company>', about: 'of one company: name or id', field: 'companyId' },
  ],
  firstField: 'email',
  fields: [
    { flags: '--email <address>', about: 'that mail is sent to' },
    { flags: '--name <name>', about: 'as they sign' },
    { flags: '--company <company>', about: 'where they work: name or id; none', field: 'companyId' },
    { flags: '--phone <phone>', about: 'none takes it away', read: orNone },
    { flags: '--notes <text>', about: 'for agents' },
  ],
  deleteOptions: [{ flags: '--force', about: 'even with open tickets (managers)' }],
  prepare: withCompany,
  more: addContactCommands,
};

interface Company {
  id: string;
  name: string;
  domains: string[];
}

export const COMPANIES: Resource<Company> = {
  name: 'company',
  aliases: ['companies'],
  one: 'company',
  many: 'companies',
  path: '/companies',
  columns: [
    { title: 'NAME', of: ({ name }) => name, flexible: true },
    { title: 'DOMAINS', of: ({ domains }) => domains.join(', ') },
    id,
  ],
  namesOf: ({ name }) => [name],
  filters: [{ flags: '--search <words>', about: 'with these words', field: 'q' }],
  firstField: 'name',
  fields: [
    { flags: '--name <name>', about: 'as it is called' },
    { flags: '--domains <domains>', about: 'whoever writes from there is of it; by comma', read: list },
    { flags: '--notes <text>', about: 'for agents' },
  ],
};
