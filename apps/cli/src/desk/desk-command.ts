import { type Command, Option } from 'commander';
import { FORMATS, type Format, Output } from '../output/output.js';
import { type CliConfig, readCliConfig } from './config.js';
import { findConnection } from './connection.js';
import { DeskApi } from './desk-api.js';
import { CliProblem } from './problem.js';

/** What a command that talks to the desk works with. */
export interface Desk {
  api: DeskApi;
  out: Output;
}

export interface OutputChoice {
  output: Format;
  json?: boolean;
  query?: string;
  color: boolean;
}

interface CommonOptions extends OutputChoice {
  profile?: string;
  url?: string;
  apiKey?: string;
}

/**
 * A command that asks the desk over HTTP: with the options that all of them share, and its refusals as a line on standard
 * error and an exit code.
 */
export function deskCommand<Options extends object>(
  parent: Command,
  name: string,
  about: string,
  action: (desk: Desk, args: string[], options: Options) => Promise<void>,
): Command {
  const command = parent.command(name).description(about);
  command.action(async (...given: unknown[]) => {
    const options = command.opts<Options & CommonOptions>();
    const args = given
      .slice(0, command.registeredArguments.length)
      .flat()
      .filter((one) => one !== undefined);
    await orProblem(async () => action(await openDesk(options), args as string[], options));
  });
  return command;
}

/** The options of every command that asks the desk, below its own in the help. Called last. */
export function withCommonOptions(command: Command): Command {
  return withOutputOptions(command)
    .optionsGroup('Which desk:')
    .option('--profile <name>', 'a profile of `deskwire config`')
    .option('--url <url>', 'its address, in place of the profile’s')
    .option('--api-key <key>', 'an API key, in place of the profile’s');
}

export function withOutputOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(FORMATS).default('table'))
    .option('--json', 'the same as -o json')
    .option('--query <expression>', 'pick from the answer, by JMESPath, such as items[].number')
    .option('--no-color', 'no colours on the terminal (NO_COLOR does the same)');
}

export function outputOf({ output, json, query, color }: OutputChoice, config: CliConfig = readCliConfig()): Output {
  return new Output({ output: json ? 'json' : output, query, colours: color ? config.colours : false });
}

async function openDesk(options: CommonOptions): Promise<Desk> {
  const asked = { url: options.url, apiKey: options.apiKey, profile: options.profile };
  const config = readCliConfig();
  const connection = await findConnection(config, asked);
  return { api: new DeskApi(connection), out: outputOf(options, config) };
}

/** Runs it; what went wrong becomes a line on standard error and the exit code. */
export async function orProblem(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const known = error instanceof CliProblem;
    process.stderr.write(`deskwire: ${known ? error.message : `something went wrong: ${(error as Error).message}`}\n`);
    process.exitCode = known ? error.exitCode : 1;
  }
}
