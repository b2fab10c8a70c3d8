import type { Addresses } from './addresses.js';
import type { StackConfig } from './config.js';

/** What the person at the terminal sees. Lines only: it must also read well in a log. */
export class StackConsole {
  constructor(
    private readonly out: NodeJS.WritableStream,
    private readonly isTerminal: boolean,
  ) {
    // The terminal may be closed before we are.
    out.on('error', () => {});
  }

  readonly say = (line: string): void => {
    this.out.write(`${line}\n`);
  };

  /** A step of the way: `  Starting Postgres 18 …`. */
  readonly step = (line: string): void => this.say(`  ${line}`);

  /** Something that the reader may want to know of later: with the time of day. */
  readonly event = (line: string): void => this.say(`${new Date().toISOString().slice(11, 19)} ${line}`);

  ready(config: StackConfig, at: Addresses, afterMs: number): void {
    const mail = `smtp://${at.smtp.host.includes(':') ? `[${at.smtp.host}]` : at.smtp.host}:${at.smtp.port}`;
    const places = [
      `API ${at.api}`,
      `mail ${mail}`,
      `Slack ${at.slackEvents}`,
      ...(config.playground ? [`playground ${at.playground}`] : []),
    ];
    this.say('');
    this.say(`${this.bold('ready')} in ${(afterMs / 1000).toFixed(1)} s: ${places.join(', ')}`);
    this.say('');
    for (const line of thingsToTry(config, at, mail)) this.say(line);
    this.say('');
    this.say(
      `Keys and addresses: ${config.home}/stack.json. API documentation: ${at.api}/api/docs. Ctrl-C stops it all.`,
    );
  }

  private bold(text: string): string {
    return this.isTerminal ? `\u001B[1m${text}\u001B[0m` : text;
  }
}

/** Three things that work as they are pasted. */
export function thingsToTry(config: StackConfig, at: Addresses, mail: string): string[] {
  const open = config.playground
    ? `Open ${at.playground}: a Slack workspace and a customer's mailbox, side by side.`
    : `Open ${at.api}/api/docs: the HTTP API.`;
  const customer = 'casey@customer.example';
  const letter = `From: Casey <${customer}>\\nTo: ${at.support}\\nSubject: The printer is on fire\\n\\nIt really is.\\n`;
  const noSlack = config.playgroundSlack && !config.playground;
  const slack = config.playground && config.playgroundSlack ? "In the playground's Slack" : 'In Slack';
  return [
    'Three things to try:',
    `  1. ${open}`,
    '  2. Write to support as a customer:',
    `     printf '${letter}' | curl -sS --crlf --url ${mail} --mail-from ${customer} --mail-rcpt ${at.support} --upload-file -`,
    noSlack
      ? '  3. Connect your Slack: SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET (docs/deployment.md); none is configured.'
      : `  3. ${slack}, type:  /ticket new The coffee machine asks for a password`,
  ];
}
