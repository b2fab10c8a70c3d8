import type { Command } from 'commander';
import type { createOrganisation, listOrganisations } from '#shared/contracts/organisations.js';
import type { Contract, ReplyOf, RequestOf } from '#shared/contracts/contract.js';
import { withCore } from '../dead-letters/core-over-nats.js';
import { orProblem, type OutputChoice, outputOf, withOutputOptions } from '../desk/desk-command.js';
import type { Column } from '../output/table.js';
import { addOwnOrganisation } from './own-org.command.js';

type Organisation = ReplyOf<typeof listOrganisations>['items'][number];
type Made = ReplyOf<typeof createOrganisation>;

interface CreateOptions {
  slug: string;
  name: string;
  adminEmail: string;
  adminName?: string;
  supportAddress: string;
  timezone?: string;
}

const COLUMNS: Column<Organisation>[] = [
  { title: 'SLUG', of: ({ slug }) => slug },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'SUPPORT ADDRESS', of: ({ supportAddress }) => supportAddress ?? '' },
  { title: 'AGENTS', of: ({ agents }) => String(agents) },
  { title: 'ID', of: ({ id }) => id, wide: true },
];

/** `deskwire org view|update`; `create|list` are for who runs the desk: over NATS, since no key of an organisation opens it. */
export function addOrgCommand(program: Command): void {
  const org = program
    .command('org')
    .aliases(['orgs', 'organisation'])
    .description('your organisation: view, update; all of this desk: list, create');

  addOwnOrganisation(org);

  const create = org
    .command('create')
    .description('make an organisation with its first administrator; their API key is printed, once')
    .requiredOption('--slug <slug>', 'its short name, in keys and addresses, such as acme')
    .requiredOption('--name <name>', 'as people call it')
    .requiredOption('--admin-email <address>', 'the first administrator')
    .option('--admin-name <name>', 'their name, if it is not the first part of the address')
    .requiredOption('--support-address <address>', 'where customers write to')
    .option('--timezone <zone>', 'such as Europe/Berlin; UTC otherwise')
    .action((options: CreateOptions & OutputChoice) =>
      orProblem(async () => {
        const { slug, name, adminEmail, adminName, supportAddress, timezone } = options;
        const { createOrganisation: contract } = await import('#shared/contracts/organisations.js');
        const made = await ask(contract, { slug, name, adminEmail, adminName, supportAddress, timezone });
        await outputOf(options).one(made, () => madePage(made));
      }),
    );
  withOutputOptions(create);

  const list = org
    .command('list')
    .alias('ls')
    .description('show all organisations')
    .action((options: OutputChoice) =>
      orProblem(async () => {
        const items = await everyOrganisation();
        await outputOf(options).list(
          { items },
          COLUMNS,
          'There is no organisation yet: deskwire org create makes one.',
        );
      }),
    );
  withOutputOptions(list);
}

const madePage = ({ organisation, admin, apiKey }: Made): string =>
  [
    `Made ${organisation.name} (${organisation.slug}); mail to ${organisation.supportAddress ?? 'nobody'} opens its tickets.`,
    `${admin.name} <${admin.email}> is its administrator, with this API key:`,
    '',
    apiKey,
    '',
    'This is shown only now: keep it somewhere safe.',
  ].join('\n');

async function everyOrganisation(): Promise<Organisation[]> {
  const { listOrganisations: contract } = await import('#shared/contracts/organisations.js');
  const all: Organisation[] = [];
  for (let after: string | undefined; ;) {
    const { items, nextAfter } = await ask(contract, { limit: 500, ...(after !== undefined && { after }) });
    all.push(...items);
    if (nextAfter === null) return all;
    after = nextAfter;
  }
}

async function ask<C extends Contract>(contract: C, input: RequestOf<C>): Promise<ReplyOf<C>> {
  return withCore((core) => core.request(contract, input));
}
