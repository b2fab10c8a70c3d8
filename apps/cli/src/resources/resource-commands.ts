import type { Command } from 'commander';
import { type Desk, deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { addFields, fieldsOf, FILE_OPTION, fromFile } from '../desk/fields.js';
import { changedFields } from '../desk/changed-fields.js';
import { confirm, YES_OPTION } from '../desk/confirm.js';
import type { Query } from '../desk/desk-api.js';
import { eachOf } from '../desk/each-of.js';
import { CliProblem } from '../desk/problem.js';
import { named } from '../desk/who-is-meant.js';
import type { Resource } from './resource.js';
import { thingInLines } from './thing.js';

/** `deskwire <resource> list|get|create|update|delete`, with kubectl's other names for them. */
export function addResourceCommands<One extends { id: string }>(
  program: Command,
  resource: Resource<One>,
  group = program.command(resource.name),
): Command {
  group.description(`${resource.many}: ${(resource.verbs ?? ALL_VERBS).join(', ')}`).aliases(resource.aliases ?? []);
  const verbs = resource.verbs ?? ALL_VERBS;
  if (verbs.includes('list')) addList(group, resource);
  if (verbs.includes('get')) addGet(group, resource);
  if (verbs.includes('create')) addCreate(group, resource);
  if (verbs.includes('update')) addUpdate(group, resource);
  if (verbs.includes('delete')) addDelete(group, resource);
  resource.more?.(group);
  return group;
}

const ALL_VERBS = ['list', 'get', 'create', 'update', 'delete'] as const;

const prepared = async <One extends { id: string }>(
  desk: Desk,
  resource: Resource<One>,
  fields: Record<string, unknown>,
): Promise<Record<string, unknown>> => resource.prepare?.(desk, fields) ?? fields;

function addList<One extends { id: string }>(group: Command, resource: Resource<One>): void {
  interface Options {
    limit?: string;
    cursor?: string;
    all?: boolean;
  }
  const command = deskCommand<Options>(group, 'list', `show ${resource.many}`, async (desk, _, options) => {
    const filters = await prepared(desk, resource, fieldsOf(resource.filters ?? [], options));
    const query = { ...filters, limit: options.limit, cursor: options.cursor } as Record<string, string>;
    const items: One[] = [];
    let nextCursor: string | null = null;
    for await (const page of desk.api.pages<One>(resource.path, query)) {
      items.push(...page.items);
      ({ nextCursor } = page);
      if (!options.all) break;
    }
    await desk.out.list({ items, nextCursor }, resource.columns, `No ${resource.many}.`);
    if (nextCursor && desk.out.forPeople) desk.out.say(`There are more: --cursor ${nextCursor}, or --all`);
  }).alias('ls');
  addFields(command, resource.filters ?? [])
    .option('--limit <n>', 'how many at most')
    .option('--cursor <cursor>', 'go on where a list ended')
    .option('--all', 'every page');
  withCommonOptions(command);
}

function addGet<One extends { id: string }>(group: Command, resource: Resource<One>): void {
  const command = deskCommand(group, 'get', `show one ${resource.one} whole`, async (desk, names) => {
    await eachOf(
      desk,
      names,
      (name) => whole(desk, resource, name),
      (item, name) => `${name === names[0] ? '' : '\n'}${thingInLines(item, desk.out.colours)}`,
    );
  });
  withCommonOptions(command.alias('view').argument('<name...>', `id or name of the ${resource.one}`));
}

function addCreate<One extends { id: string }>(group: Command, resource: Resource<One>): void {
  const command = deskCommand<{ file?: string }>(
    group,
    'create',
    `make a new ${resource.one}`,
    async (desk, [first], options) => {
      const given = fieldsOf(resource.fields, options);
      if (first !== undefined && resource.firstField) given[resource.firstField] ??= first;
      const fields = await prepared(desk, resource, { ...(await fromFile(options.file)), ...given });
      const item = await desk.api.post<One>(resource.path, fields);
      const made = `Made the ${resource.one} ${nameOf(resource, item)} (${item.id}).`;
      await desk.out.one(item, () => [made, resource.created?.(item)].filter(Boolean).join('\n'));
    },
  );
  if (resource.firstField)
    command.argument(`[${resource.firstField}]`, `the new ${resource.one}’s ${resource.firstField}`);
  withCommonOptions(addFields(command, resource.fields).option(...FILE_OPTION));
}

function addUpdate<One extends { id: string }>(group: Command, resource: Resource<One>): void {
  const lasting = resource.fields.filter(({ flags }) => !resource.onlyAtFirst?.includes(flags.split(' ')[0]!));
  const fields = [...lasting, ...(resource.updateFields ?? [])];
  const command = deskCommand<{ file?: string }>(
    group,
    'update',
    `change a ${resource.one}; what is not named stays`,
    async (desk, [name], options) => {
      const given = fieldsOf(fields, options);
      if (options.file === undefined && Object.keys(given).length === 0)
        throw new CliProblem(`What shall change? See: deskwire ${resource.name} update --help`, 2);
      const file = await fromFile(options.file);
      const now = 'id' in file ? await whole(desk, resource, name!) : await find(desk, resource, name!);
      const changes = await prepared(desk, resource, { ...changedFields(file, now), ...given });
      if ('id' in file && Object.keys(changes).length === 0) return desk.out.say('Nothing differs.');
      const item = await desk.api.patch<One>(`${resource.path}/${now.id}`, changes);
      await desk.out.one(item, () => `Changed the ${resource.one} ${nameOf(resource, item)}.`);
    },
  );
  command.argument('<name>', `id or name of the ${resource.one}`);
  withCommonOptions(addFields(command, fields).option(...FILE_OPTION));
}

function addDelete<One extends { id: string }>(group: Command, resource: Resource<One>): void {
  const done = resource.deleted ?? 'Deleted';
  const { deleteOptions = [], irrevocable = true } = resource;
  const command = deskCommand<{ yes?: boolean }>(
    group,
    'delete',
    `${done === 'Deleted' ? 'delete' : done.toLowerCase().replace(/d$/, '')} ${resource.many}`,
    async (desk, names, { yes, ...options }) => {
      const query = (await prepared(desk, resource, fieldsOf(deleteOptions, options))) as Query;
      await eachOf(
        desk,
        names,
        async (name) => {
          const item = await find(desk, resource, name);
          const called = `${resource.one} ${nameOf(resource, item)}`;
          if (irrevocable) await confirm(`${done.replace(/d$/, '')} the ${called}? There is no way back.`, yes);
          return { called, answer: await desk.api.delete(`${resource.path}/${item.id}`, query) };
        },
        ({ called }) => `${done} the ${called}.`,
        ({ answer }) => answer,
      );
    },
  );
  addFields(command.alias('rm').argument('<name...>', `id or name of the ${resource.one}`), deleteOptions);
  if (irrevocable) command.option(...YES_OPTION);
  withCommonOptions(command);
}

/** A list may say less than the thing itself. */
async function whole<One extends { id: string }>(desk: Desk, resource: Resource<One>, name: string): Promise<One> {
  const { id } = await find(desk, resource, name);
  return desk.api.get<One>(`${resource.path}/${id}`);
}

export const find = <One extends { id: string }>(desk: Desk, resource: Resource<One>, name: string): Promise<One> =>
  named<One>(desk.api, resource.path, name, resource.one, resource.namesOf, resource.lookUp);

const nameOf = <One extends { id: string }>(resource: Resource<One>, item: One): string =>
  resource.namesOf(item).find(Boolean) ?? item.id;
