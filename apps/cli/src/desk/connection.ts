import { readStackFile } from '../stack/stack-file.js';
import type { CliConfig } from './config.js';
import { CliProblem } from './problem.js';
import { readProfiles } from './profiles.js';

export interface Connection {
  url: string;
  apiKey: string;
  /** Where it was found, for `deskwire config current` and for errors. */
  from: string;
}

export interface Asked {
  url?: string | undefined;
  apiKey?: string | undefined;
  profile?: string | undefined;
}

/**
 * Which desk, and as whom: `--url` and `--api-key`, then `--profile`, then DESKWIRE_URL and DESKWIRE_API_KEY, then
 * DESKWIRE_PROFILE or the current profile, then the stack that runs on this machine. A DESKWIRE_API_KEY alone goes
 * before the key of whatever the environment does not name itself.
 */
export async function findConnection(config: CliConfig, asked: Asked): Promise<Connection> {
  const base = asked.profile === undefined ? await ofSurroundings(config) : await ofProfile(config, asked.profile);
  const url = asked.url === undefined ? base?.url : addressOf(asked.url, '--url');
  const apiKey = asked.apiKey ?? base?.apiKey;
  if (url && apiKey) return { url, apiKey, from: asked.url ? '--url' : base!.from };
  if (url) throw new CliProblem('There is a URL but no API key: set DESKWIRE_API_KEY, or give --api-key', 3);
  throw new CliProblem(
    'Which desk? Run one here (npm start), or: deskwire config set work --url https://desk.example --api-key dw_…',
    2,
  );
}

type Found = { url: string; apiKey: string | undefined; from: string };

/** An address as people paste it, of the desk or of its API, without what every request adds by itself. */
export function addressOf(text: string, where: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new CliProblem(`${where}: must be an address such as https://desk.example`, 2);
  return text.replace(/\/+$/, '').replace(/\/api(\/v1)?$/, '');
}

async function ofSurroundings(config: CliConfig): Promise<Found | null> {
  if (config.url)
    return { url: addressOf(config.url, 'DESKWIRE_URL'), apiKey: config.apiKey ?? undefined, from: 'DESKWIRE_URL' };
  const profile = config.profile ?? (await readProfiles(config.profilesFile)).current;
  if (profile !== null) return { ...(await ofProfile(config, profile)), ...keyOf(config) };
  const stack = await readStackFile(config.stackHome);
  return stack && { url: stack.apiUrl, apiKey: stack.apiKey, ...keyOf(config), from: 'the stack on this machine' };
}

const keyOf = ({ apiKey }: CliConfig) => (apiKey ? { apiKey } : {});

async function ofProfile(config: CliConfig, name: string): Promise<Found> {
  const { profiles } = await readProfiles(config.profilesFile);
  const profile = profiles[name];
  if (profile) return { ...profile, from: `profile ${name}` };
  const known = Object.keys(profiles).join(', ') || 'none yet';
  throw new CliProblem(`There is no profile “${name}” (known: ${known})`, 2);
}
