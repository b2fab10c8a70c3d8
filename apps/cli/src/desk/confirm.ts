import { createInterface } from 'node:readline/promises';
import { CliProblem } from './problem.js';

export const YES_OPTION = ['-y, --yes', 'do not ask first (nobody is asked but at a terminal)'] as const;

/** Asks before what cannot be undone, where somebody sits who can answer. */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const stop = new AbortController();
  asking.once('SIGINT', () => stop.abort());
  asking.once('close', () => stop.abort());
  const answer = await asking.question(`${question} [y/N] `, { signal: stop.signal }).catch(() => '');
  asking.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliProblem('Nothing was done', 1);
}
