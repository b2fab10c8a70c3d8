import { mayDo, type Person } from '../people/person.js';
import { context, section, type SlackMessage } from '../slack/blocks.view.js';
import { escapeTo } from '../slack/mrkdwn.js';
import { usageOf, type VerbDefinition, VERBS } from './verbs.js';

type Who = Pick<Person, 'agent'>;

/** What this person can type, one line each. */
export function helpCard(command: string, who: Who): SlackMessage {
  const lines = (VERBS as readonly VerbDefinition[])
    .filter((verb) => mayDo(who, verb.who))
    .map((verb) => `\`${command} ${usageOf(verb)}\`  ${verb.does}`);
  return {
    text: `What you can do with ${command}`,
    blocks: [
      section(`*What you can do with \`${command}\`*\n${lines.join('\n')}`),
      context(
        'Ticket numbers go with or without #. A verb alone opens a form; with everything behind it, it acts at once.',
      ),
    ],
  };
}

export function verbHelpCard(command: string, verb: VerbDefinition): SlackMessage {
  const also = verb.also.length === 0 ? '' : `\nAlso: ${verb.also.map((word) => `\`${word}\``).join(', ')}`;
  return {
    text: `${command} ${verb.name}`,
    blocks: [
      section(`\`${command} ${usageOf(verb)}\`  ${verb.does}\nFor example: \`${command} ${verb.example}\`${also}`),
    ],
  };
}

/** What was wrong, and the line that was probably meant, to copy. */
export function wrongCard(command: string, problem: string, meant: string | null): SlackMessage {
  const suggestion =
    meant === null
      ? `\`${command} help\` shows what there is.`
      : `Did you mean \`${command} ${escapeTo(meant.replaceAll('`', 'ˋ').replaceAll(/\s+/g, ' '), 500)}\`?`;
  const text = `${escapeTo(problem, 1_000)} ${suggestion}`;
  return { text };
}
