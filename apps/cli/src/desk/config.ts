import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from '#shared/service/read-config.js';
import { defaultHome } from '../stack/config.js';
import { CliProblem } from './problem.js';

const variables = {
  /** Where the desk's API is, such as https://desk.example. */
  DESKWIRE_URL: z.url().optional(),
  /** An API key: dw_… */
  DESKWIRE_API_KEY: z.string().min(8).optional(),
  /** The profile to use, of those in the configuration file. */
  DESKWIRE_PROFILE: z.string().min(1).optional(),
  /** The configuration file itself. */
  DESKWIRE_CONFIG: z.string().min(1).optional(),
  DESKWIRE_HOME: z.string().min(1).optional(),
  /** Where configuration belongs (XDG Base Directory Specification). */
  XDG_CONFIG_HOME: z.string().optional(),
  /** Any text but an empty one: no colours (no-color.org). */
  NO_COLOR: z.string().optional(),
  /** Any text but an empty one or 0: colours in a pipe too (force-color.org). */
  FORCE_COLOR: z.string().optional(),
  /** `dumb` knows no colours. */
  TERM: z.string().optional(),
};

export interface CliConfig {
  url: string | null;
  apiKey: string | null;
  profile: string | null;
  /** Where profiles are kept. */
  profilesFile: string;
  /** Of the stack that may run here: its address and key are the last resort. */
  stackHome: string;
  /** Null: where a terminal is. */
  colours: boolean | null;
}

function orWrongInput<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CliProblem((error as Error).message, 2);
  }
}

type Terminal = Partial<Record<'NO_COLOR' | 'FORCE_COLOR' | 'TERM', string | undefined>>;

function coloursOf({ NO_COLOR, FORCE_COLOR, TERM }: Terminal): boolean | null {
  if (NO_COLOR || FORCE_COLOR === '0') return false;
  if (FORCE_COLOR) return true;
  return TERM === 'dumb' ? false : null;
}

export function readCliConfig(): CliConfig {
  const read = orWrongInput(() => readConfig(variables, process.env));
  const configHome = read.XDG_CONFIG_HOME?.startsWith('/') ? read.XDG_CONFIG_HOME : join(homedir(), '.config');
  return {
    url: read.DESKWIRE_URL ?? null,
    apiKey: read.DESKWIRE_API_KEY ?? null,
    profile: read.DESKWIRE_PROFILE ?? null,
    profilesFile: read.DESKWIRE_CONFIG ?? join(configHome, 'deskwire', 'config.json'),
    stackHome: read.DESKWIRE_HOME ?? defaultHome(),
    colours: coloursOf(read),
  };
}
