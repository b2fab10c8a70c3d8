import { Address } from './address.js';
import { BotEvents } from './bot/bot-events.js';
import { BotLine } from './bot/bot-line.js';
import { ResponseUrls } from './bot/response-urls.js';
import type { PlaygroundConfig } from './config.js';
import { Mailbox } from './mailbox/mailbox.js';
import { SendMail } from './mailbox/send-mail.js';
import { RunCommand } from './people/run-command.js';
import { RunShortcut } from './people/run-shortcut.js';
import { SubmitView } from './people/submit-view.js';
import { UseElement } from './people/use-element.js';
import { WebApi } from './web-api/web-api.js';
import { RateLimits } from './workspace/rate-limits.js';
import { Triggers } from './workspace/triggers.js';
import { Views } from './workspace/views.js';
import { Workspace } from './workspace/workspace.js';

/** Times that tests shorten; Slack's own by default. */
export interface Timing {
  readonly answerWithinMs?: number;
  readonly retryDelaysMs?: readonly number[];
}

/** The whole playground, put together: a workspace, the line to the bot, what people can do, a mailbox. */
export class Playground {
  readonly address = new Address();
  readonly mailbox = new Mailbox();
  readonly workspace: Workspace;
  readonly views: Views;
  readonly triggers = new Triggers();
  readonly line: BotLine;
  readonly events: BotEvents;
  readonly responseUrls: ResponseUrls;
  readonly webApi: WebApi;
  readonly runCommand: RunCommand;
  readonly runShortcut: RunShortcut;
  readonly useElement: UseElement;
  readonly submitView: SubmitView;
  readonly sendMail: SendMail;

  constructor(
    readonly config: PlaygroundConfig,
    timing: Timing = {},
  ) {
    this.workspace = new Workspace(config.SLACK_TRIAGE_CHANNEL, config.SLACK_ALERTS_CHANNEL);
    const { workspace, triggers, address } = this;
    const shown = (): void => workspace.happenings.next({ kind: 'shown' });
    this.views = new Views(workspace.clock, shown);
    const limit = timing.answerWithinMs === undefined ? {} : { answerWithinMs: timing.answerWithinMs };
    this.line = new BotLine({ url: config.SLACK_EVENTS_URL, signingSecret: config.SLACK_SIGNING_SECRET, ...limit });
    this.events = new BotEvents(workspace, this.line, timing.retryDelaysMs);
    this.responseUrls = new ResponseUrls(workspace);
    const limits = new RateLimits(config.PLAYGROUND_RATE_LIMITS === '1');
    this.webApi = new WebApi({ workspace, views: this.views, triggers, limits }, config.SLACK_BOT_TOKEN);
    const app = { command: config.SLACK_COMMAND, escapes: config.SLACK_COMMAND_ESCAPES === '1' };
    this.runCommand = new RunCommand(workspace, triggers, this.responseUrls, this.line, address, app);
    this.runShortcut = new RunShortcut(workspace, triggers, this.responseUrls, this.line, address);
    this.useElement = new UseElement(workspace, this.views, triggers, this.responseUrls, this.line, address);
    this.submitView = new SubmitView(this.views, triggers, this.line, this.useElement, shown);
    this.sendMail = new SendMail(this.mailbox, config.SMTP_URL);
  }

  /** As at the start: no messages, no views, no mails. */
  reset(): void {
    this.views.reset();
    this.mailbox.empty();
    this.workspace.reset();
  }

  stop(): void {
    this.events.stop();
    this.sendMail.close();
  }
}
