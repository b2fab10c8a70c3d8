import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { LOG } from '#shared/messaging/messaging.module.js';
import type { ReadyCheck } from '#shared/service/health.js';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { Desk } from '../desk/desk.js';
import { SlackProblem } from './slack-problem.js';
import { SlackWeb } from './slack-web.js';

export interface BotIdentity {
  teamId: string;
  userId: string;
  botId: string | null;
}

const authTest = z.object({ team_id: z.string().default(''), user_id: z.string(), bot_id: z.string().nullish() });
const channel = z.object({ id: z.string(), name: z.string().nullish(), is_member: z.boolean().nullish() });
const channelPage = z.object({
  channels: z.array(channel),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

const CHANNEL_ID = /^[CGD][A-Z0-9]{6,}$/;
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000, 10_000];

export class NoSuchChannel extends Error {
  constructor(name: string) {
    super(`Slack shows no channel #${name}: create it, invite the bot if it is private, or configure another`);
    this.name = 'NoSuchChannel';
  }
}

/**
 * Who we are in this workspace and where we post. Slack and the core may be away when the bot starts: it starts anyway,
 * keeps trying, and whoever needs an answer sooner asks for it and gets the failure.
 */
@Injectable()
export class Workspace implements OnApplicationBootstrap, OnModuleDestroy {
  private self: BotIdentity | undefined;
  private readonly channels = new Map<string, string>();
  private readonly looking = new Map<string, Promise<unknown>>();
  private started = false;
  private ended = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly web: SlackWeb,
    private readonly desk: Desk,
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    // Nest calls this once for the app and once more for a microservice that is connected to it.
    if (this.started) return;
    this.started = true;
    void this.keepTrying(0);
  }

  onModuleDestroy(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  /** For /health/ready, by the part's name. */
  readyChecks(): Record<string, ReadyCheck> {
    return {
      slack: () => this.self !== undefined,
      core: () => this.desk.isKnown,
      triageChannel: () => this.channels.has(this.config.SLACK_TRIAGE_CHANNEL),
      alertsChannel: () => this.channels.has(this.config.SLACK_ALERTS_CHANNEL),
    };
  }

  async identity(): Promise<BotIdentity> {
    return (this.self ??= await this.once('auth.test', async () => {
      const { team_id, user_id, bot_id } = authTest.parse(await this.web.call('auth.test'));
      return { teamId: team_id, userId: user_id, botId: bot_id ?? null };
    }));
  }

  /** Who we are, if Slack has told us by now. */
  get knownIdentity(): BotIdentity | undefined {
    return this.self;
  }

  /** A channel that Slack does not know any more is looked up anew the next time. */
  doubt({ code }: SlackProblem, channelId: string): void {
    if (!['channel_not_found', 'is_archived', 'not_in_channel'].includes(code)) return;
    for (const [name, id] of this.channels) if (id === channelId) this.channels.delete(name);
  }

  triageChannel(): Promise<string> {
    return this.channelId(this.config.SLACK_TRIAGE_CHANNEL);
  }

  alertsChannel(): Promise<string> {
    return this.channelId(this.config.SLACK_ALERTS_CHANNEL);
  }

  /** Any channel that the bot may see, by name or id. NoSuchChannel otherwise. */
  channelNamed(nameOrId: string): Promise<string> {
    return this.channelId(nameOrId);
  }

  private async channelId(nameOrId: string): Promise<string> {
    const known = this.channels.get(nameOrId);
    if (known !== undefined) return known;
    const id = await this.once(`channel ${nameOrId}`, () => this.findChannel(nameOrId));
    this.channels.set(nameOrId, id);
    return id;
  }

  private async findChannel(nameOrId: string): Promise<string> {
    if (CHANNEL_ID.test(nameOrId)) {
      await this.join(nameOrId);
      return nameOrId;
    }
    const name = nameOrId.replace(/^#/, '').toLowerCase();
    for (let cursor: string | undefined; ;) {
      const page = channelPage.parse(
        await this.web.call('conversations.list', {
          types: 'public_channel,private_channel',
          exclude_archived: true,
          limit: 200,
          ...(cursor !== undefined && { cursor }),
        }),
      );
      const found = page.channels.find((one) => one.name?.toLowerCase() === name);
      if (found) {
        if (found.is_member === false) await this.join(found.id);
        return found.id;
      }
      cursor = page.response_metadata?.next_cursor || undefined;
      if (cursor === undefined) {
        throw new NoSuchChannel(name);
      }
    }
  }

  /** Events of a channel come only to its members. Where joining is not possible, somebody has to invite the bot. */
  private async join(id: string): Promise<void> {
    try {
      await this.web.call('conversations.join', { channel: id });
    } catch (error) {
      if (!(error instanceof SlackProblem)) throw error;
      this.log.info(
        { channel: id, code: error.code },
        'the bot could not join the channel by itself; invite it if it is not in',
      );
    }
  }

  /** All who ask at the same time share one look-up. */
  private async once<T>(what: string, look: () => Promise<T>): Promise<T> {
    const running = this.looking.get(what) as Promise<T> | undefined;
    if (running) return running;
    const started = look().finally(() => this.looking.delete(what));
    this.looking.set(what, started);
    return started;
  }

  private async keepTrying(attempt: number): Promise<void> {
    const results = await Promise.allSettled([
      this.identity(),
      this.desk.organisation(),
      this.triageChannel(),
      this.alertsChannel(),
    ]);
    const failures = results.filter((result) => result.status === 'rejected').map(({ reason }) => String(reason));
    if (this.ended) return;
    if (failures.length === 0) {
      this.log.info({ ...this.self, channels: Object.fromEntries(this.channels) }, 'the workspace is known');
      return;
    }
    // All services start together: that the core or Slack is not there at the first look is nothing to warn of.
    const level = attempt > 0 && attempt % 4 === 0 ? 'warn' : 'debug';
    this.log[level]({ failures }, 'not everything is there yet; trying on');
    const waitMs = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]!;
    this.timer = setTimeout(() => void this.keepTrying(attempt + 1), waitMs);
  }
}
