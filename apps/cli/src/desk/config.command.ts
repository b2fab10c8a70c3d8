import type { Command } from 'commander';
import { type CliConfig, readCliConfig } from './config.js';
import { addressOf, findConnection } from './connection.js';
import { DeskApi } from './desk-api.js';
import { orProblem, type OutputChoice, outputOf, withOutputOptions } from './desk-command.js';
import { CliProblem } from './problem.js';
import { PROFILE_NAME, type Profiles, readProfiles, writeProfiles } from './profiles.js';

/** `deskwire config …`: which desks there are, and which of them commands speak to. */
export function addConfigCommand(program: Command): void {
  const config = program
    .command('config')
    .description('which desk the commands speak to, and as whom: set, use, list, current, delete');

  config
    .command('set')
    .description('keep a desk under a name; the first one is used from then on')
    .argument('<name>', 'such as work')
    .requiredOption('--url <url>', 'its address, such as https://desk.example')
    .option('--api-key <key>', 'an API key; without it, it is read from standard input')
    .option('--no-check', 'do not ask the desk whether the key is good')
    .action((name: string, options: { url: string; apiKey?: string; check: boolean }) =>
      changing(async (settings, file) => {
        if (!PROFILE_NAME.test(name)) throw new CliProblem('A name is letters, digits, dots and dashes', 2);
        const url = addressOf(options.url, '--url');
        const apiKey = options.apiKey ?? (await readKey());
        if (options.check) {
          const api = new DeskApi({ url, apiKey, from: '--url' });
          const me = await api.get<{ name: string; role: string }>('/agents/me');
          process.stdout.write(`You are ${me.name} (${me.role}).\n`);
        }
        settings.profiles[name] = { url, apiKey };
        settings.current ??= name;
        return `Kept as ${name} in ${file}${settings.current === name ? ', and used from now on' : ''}.`;
      }),
    );

  config
    .command('use')
    .description('use another profile from now on')
    .argument('<name>')
    .action((name: string) =>
      changing(async (settings) => {
        if (!settings.profiles[name]) throw new CliProblem(`There is no profile “${name}”`, 4);
        settings.current = name;
        return `${name} is used from now on.`;
      }),
    );

  const list = config
    .command('list')
    .alias('ls')
    .description('show the profiles, without their keys')
    .action((options: OutputChoice) =>
      orProblem(async () => {
        const { current, profiles } = await readProfiles(readCliConfig().profilesFile);
        const items = Object.entries(profiles).map(([id, { url }]) => ({ id, url, current: id === current }));
        await outputOf(options).list(
          { items },
          [
            { title: '', of: (one) => (one.current ? '*' : '') },
            { title: 'NAME', of: (one) => one.id },
            { title: 'URL', of: ({ url }) => url },
          ],
          'No profiles yet.',
        );
      }),
    );
  withOutputOptions(list);

  config
    .command('current')
    .description('show which desk the commands speak to now, and as whom')
    .action(() =>
      orProblem(async () => {
        const connection = await findConnection(readCliConfig(), {});
        const me = await new DeskApi(connection).get<{ name: string; role: string }>('/agents/me');
        process.stdout.write(`${connection.url} (${connection.from}), as ${me.name} (${me.role})\n`);
      }),
    );

  config
    .command('delete')
    .alias('rm')
    .description('forget a profile')
    .argument('<name>')
    .action((name: string) =>
      changing(async (settings) => {
        if (!settings.profiles[name]) throw new CliProblem(`There is no profile “${name}”`, 4);
        delete settings.profiles[name];
        if (settings.current === name) settings.current = null;
        return `${name} is forgotten. Its key still works until it is revoked.`;
      }),
    );
}

/** Says what was done once it is written. */
const changing = (work: (settings: Profiles, file: string) => Promise<string>): Promise<void> =>
  orProblem(async () => {
    const { profilesFile }: CliConfig = readCliConfig();
    const settings = await readProfiles(profilesFile);
    const done = await work(settings, profilesFile);
    await writeProfiles(profilesFile, settings);
    process.stdout.write(`${done}\n`);
  });

/** Not as an argument: those end up in the shell's history. */
async function readKey(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('API key: ');
  let text = '';
  for await (const part of process.stdin) {
    text += String(part);
    if (text.includes('\n')) break;
  }
  const key = text.split('\n')[0]!.trim();
  if (key.length < 8) throw new CliProblem('An API key is needed: dw_…', 2);
  return key;
}
