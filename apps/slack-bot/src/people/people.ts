import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type AgentView, findAgent, listAgents } from '#shared/contracts/agents.js';
import { emailAddress } from '#shared/contracts/values.js';
import { LOG } from '#shared/messaging/messaging.module.js';
import { Desk } from '../desk/desk.js';
import { SlackProblem } from '../slack/slack-problem.js';
import { SlackWeb } from '../slack/slack-web.js';
import type { Person } from './person.js';

const userInfo = z.object({
  user: z.object({
    id: z.string(),
    name: z.string().nullish(),
    real_name: z.string().nullish(),
    is_bot: z.boolean().nullish(),
    profile: z
      .object({ email: z.string().nullish(), real_name: z.string().nullish(), display_name: z.string().nullish() })
      .nullish(),
  }),
});

const userByEmail = z.object({
  user: z.object({ id: z.string(), deleted: z.boolean().nullish(), is_bot: z.boolean().nullish() }),
});

interface SlackUser {
  name: string;
  email: string | null;
}

interface Kept<T> {
  value: Promise<T>;
  untilMs: number;
}

/** Slack's profile hardly changes; who is an agent does, and a removed one must be out soon. */
const USER_KEPT_MS = 5 * 60_000;
const AGENT_KEPT_MS = 15_000;
const MAX_KEPT = 5_000;

/** People of the workspace, matched to agents by their e-mail address. */
@Injectable()
export class People {
  private readonly users = new Map<string, Kept<SlackUser>>();
  private readonly byEmail = new Map<string, Kept<string | null>>();
  private readonly agents = new Map<string, Kept<AgentView | null>>();

  constructor(
    private readonly web: SlackWeb,
    private readonly desk: Desk,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Fails when Slack or the core cannot say; never guesses. */
  async person(slackId: string): Promise<Person> {
    const { name, email } = await keep(this.users, slackId, USER_KEPT_MS, () => this.lookUp(slackId));
    const agent =
      email === null ? null : await keep(this.agents, email, AGENT_KEPT_MS, () => this.desk.ask(findAgent, { email }));
    const { id: orgId } = await this.desk.organisation();
    return {
      slackId,
      name: agent?.name ?? name,
      email,
      agent,
      actor: agent && {
        orgId,
        kind: 'agent',
        id: agent.id,
        name: agent.name,
        role: agent.role,
        teamIds: null,
        surface: 'slack',
      },
    };
  }

  /** The agent that somebody typed: `<@U1>`, `@bea`, `bea@acme.test` or a name; null when nobody or several fit. */
  async agentCalled(typed: string): Promise<AgentView | null> {
    const mention = /^<@([A-Z0-9]+)(?:\|[^>]*)?>$/.exec(typed)?.[1];
    if (mention !== undefined) return (await this.person(mention)).agent;
    const wanted = unlink(typed).replace(/^@/, '').toLowerCase();
    if (wanted === '') return null;
    const { items } = await this.desk.ask(listAgents, {});
    const exact = items.filter(({ email, name }) => email.toLowerCase() === wanted || name.toLowerCase() === wanted);
    const loose = items.filter(
      ({ email, name }) =>
        email.toLowerCase().split('@')[0] === wanted || name.toLowerCase().split(/\s+/)[0] === wanted,
    );
    const found = exact.length > 0 ? exact : loose;
    return found.length === 1 ? found[0]! : null;
  }

  /** The id of whoever has this address in the workspace; null for nobody, and for who has left. */
  async withEmail(email: string): Promise<string | null> {
    return keep(this.byEmail, email, USER_KEPT_MS, async () => {
      try {
        const { user } = userByEmail.parse(await this.web.call('users.lookupByEmail', { email }));
        return user.deleted === true || user.is_bot === true ? null : user.id;
      } catch (error) {
        if (error instanceof SlackProblem && error.code === 'users_not_found') return null;
        throw error;
      }
    });
  }

  /** Display names for mentions in a text; those that cannot be looked up are left out. */
  async names(slackIds: readonly string[]): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    await Promise.all(
      slackIds.slice(0, 20).map(async (id) => {
        try {
          names.set(id, (await keep(this.users, id, USER_KEPT_MS, () => this.lookUp(id))).name);
        } catch (error) {
          this.log.debug({ err: error, slackUser: id }, 'a mentioned person could not be looked up');
        }
      }),
    );
    return names;
  }

  /** The same, but for agents in the words that mention them at the desk: `[Bea Miller]`, for `@[Bea Miller]`. */
  async mentioned(slackIds: readonly string[]): Promise<Map<string, string>> {
    const names = await this.names(slackIds);
    await Promise.all(
      [...names.keys()].map(async (id) => {
        try {
          const { agent } = await this.person(id);
          if (agent && !/[[\]\n]/.test(agent.name)) names.set(id, `[${agent.name}]`);
        } catch (error) {
          this.log.debug(
            { err: error, slackUser: id },
            'whether a mentioned person is an agent could not be looked up',
          );
        }
      }),
    );
    return names;
  }

  private async lookUp(slackId: string): Promise<SlackUser> {
    const { user } = userInfo.parse(await this.web.call('users.info', { user: slackId }, { patienceMs: 2_000 }));
    const email = emailAddress.safeParse(user.profile?.email ?? '');
    return {
      name: user.profile?.display_name || user.real_name || user.profile?.real_name || user.name || slackId,
      email: email.success ? email.data : null,
    };
  }
}

/** Slack turns a typed address into `<mailto:bea@acme.test|bea@acme.test>`. */
export const unlink = (typed: string): string => /^<mailto:([^|>]+)/.exec(typed)?.[1] ?? typed;

/** One look-up for all who ask while it runs; a failure is not kept. */
async function keep<T>(map: Map<string, Kept<T>>, key: string, keptMs: number, look: () => Promise<T>): Promise<T> {
  const nowMs = Date.now();
  const kept = map.get(key);
  if (kept && kept.untilMs > nowMs) return kept.value;
  if (map.size >= MAX_KEPT) map.clear();
  const value = look();
  map.set(key, { value, untilMs: nowMs + keptMs });
  value.catch(() => map.delete(key));
  return value;
}
