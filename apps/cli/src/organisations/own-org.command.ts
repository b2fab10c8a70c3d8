import type { Command } from 'commander';
import type { OrganisationDetails } from '#shared/contracts/organisations.js';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { addFields, type Field, fieldsOf, FILE_OPTION, fromFile, number } from '../desk/fields.js';
import { changedFields } from '../desk/changed-fields.js';
import { CliProblem } from '../desk/problem.js';
import { thingInLines } from '../resources/thing.js';

const FIELDS: Field[] = [
  { flags: '--name <name>', about: 'as customers read it' },
  { flags: '--support-address <address>', about: 'where its mail comes from; the earlier one still arrives' },
];
const SETTINGS: Field[] = [
  { flags: '--timezone <zone>', about: 'such as Europe/Berlin' },
  { flags: '--auto-close-days <n>', about: 'until a resolved ticket closes by itself; 0: never', read: number },
  { flags: '--ticket-language <language>', about: 'that most tickets are written in, for search' },
  { flags: '--mentions-notify', about: 'who is @-mentioned is told' },
  { flags: '--no-mentions-notify', about: 'nobody is told', field: 'mentionsNotify' },
  { flags: '--max-attachment-bytes <n>', about: 'of the largest file', read: number },
];

/** `deskwire org view|update`: your own organisation, by HTTP. */
export function addOwnOrganisation(org: Command): void {
  const page = ({ settings, ...rest }: OrganisationDetails, colours: boolean) =>
    thingInLines({ ...rest, ...settings }, colours);

  const view = deskCommand(org, 'view', 'show your organisation and its settings', async (desk) => {
    const own = await desk.api.get<OrganisationDetails>('/organisation');
    await desk.out.one(own, () => page(own, desk.out.colours));
  }).alias('get');
  withCommonOptions(view);

  const update = deskCommand<{ file?: string }>(
    org,
    'update',
    'change your organisation (administrators); what is not named stays',
    async (desk, _, options) => {
      const settings = fieldsOf(SETTINGS, options);
      const file = await fromFile(options.file);
      const read = 'id' in file ? changedFields(file, await desk.api.get<OrganisationDetails>('/organisation')) : file;
      const changes: Record<string, unknown> = { ...read, ...fieldsOf(FIELDS, options) };
      if (Object.keys(settings).length > 0)
        changes['settings'] = { ...(read['settings'] as Record<string, unknown> | undefined), ...settings };
      if (read !== file && Object.keys(changes).length === 0) return desk.out.say('Nothing differs.');
      if (Object.keys(changes).length === 0)
        throw new CliProblem('What shall change? See: deskwire org update --help', 2);
      const own = await desk.api.patch<OrganisationDetails>('/organisation', changes);
      await desk.out.one(own, () => page(own, desk.out.colours));
    },
  );
  withCommonOptions(addFields(addFields(update, FIELDS), SETTINGS).option(...FILE_OPTION));
}
