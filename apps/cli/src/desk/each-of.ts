import type { Desk } from './desk-command.js';
import { CliProblem } from './problem.js';

/**
 * The same with each of those that were named. One: its answer, or its refusal. Several: `{items}` as data, and what is
 * refused to one does not keep the others from it; the exit code is then that of the first refusal. When the desk is away
 * the rest is not tried.
 */
export async function eachOf<Answer>(
  desk: Desk,
  names: readonly string[],
  work: (name: string) => Promise<Answer>,
  words: (answer: Answer, name: string) => string,
  dataOf: (answer: Answer) => unknown = (answer) => answer,
): Promise<void> {
  if (names.length === 1) {
    const answer = await work(names[0]!);
    return desk.out.one(dataOf(answer), () => words(answer, names[0]!));
  }
  const items: unknown[] = [];
  let first: CliProblem | undefined;
  for (const name of names) {
    try {
      const answer = await work(name);
      items.push(dataOf(answer));
      if (desk.out.forPeople) desk.out.say(words(answer, name));
    } catch (error) {
      if (!(error instanceof CliProblem)) throw error;
      process.stderr.write(`deskwire: ${name}: ${error.message}\n`);
      first ??= error;
      if (error.exitCode === 6) break;
    }
  }
  if (!desk.out.forPeople) await desk.out.data({ items });
  if (first) throw new CliProblem(`done for ${items.length} of ${names.length}`, first.exitCode);
}
