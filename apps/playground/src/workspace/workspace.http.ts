import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { messageView } from '../people/seen-by.view.js';
import { Playground } from '../playground.js';
import type { Channel, Json } from './model.js';
import { PEOPLE } from './seed.js';
import { BadRequest } from './slack-error.js';
import { userObject } from './slack-objects.view.js';

/** The workspace from above: channels and threads as they are, what was sent to the bot. */
@Controller('playground/api')
export class WorkspaceHttp {
  constructor(private readonly playground: Playground) {}

  @Get('state')
  state(): Json {
    const { config, workspace, line } = this.playground;
    return {
      team: 'Acme',
      command: config.SLACK_COMMAND,
      shortcuts: config.SLACK_SHORTCUTS,
      supportAddress: config.SUPPORT_ADDRESS,
      people: PEOPLE.map(({ id, name, realName, email, title, color }) => ({
        id,
        name,
        realName,
        email,
        title,
        color,
      })),
      members: Object.fromEntries([...workspace.members.values()].map((one) => [one.id, userObject(one)])),
      channels: [...workspace.channels.values()]
        .filter(({ imWith }) => !imWith)
        .map(({ id, name, messages }) => ({ id, name, messages: messages.size })),
      busy: line.busy,
    };
  }

  /** Top-level messages, oldest first. */
  @Get('channels/:channel/messages')
  messages(@Param('channel') reference: string): Json[] {
    const { workspace } = this.playground;
    const all = [...this.channel(reference).messages.values()];
    return all
      .filter(({ threadTs, ts, broadcast }) => !threadTs || threadTs === ts || broadcast)
      .map((one) => messageView(one, workspace));
  }

  /** A parent and its replies, oldest first. */
  @Get('channels/:channel/threads/:ts')
  thread(@Param('channel') reference: string, @Param('ts') ts: string): Json[] {
    const { workspace } = this.playground;
    const parent = this.channel(reference).messages.get(ts);
    if (!parent) throw new BadRequest(`ts: no message ${ts} in ${reference}`, 404);
    return [parent, ...workspace.replies(parent)].map((one) => messageView(one, workspace));
  }

  /** The last requests to the bot, oldest first, and how they were answered. */
  @Get('deliveries')
  deliveries(): unknown {
    return this.playground.line.deliveries;
  }

  @Post('reset')
  @HttpCode(200)
  reset(): { ok: true } {
    this.playground.reset();
    return { ok: true };
  }

  private channel(reference: string): Channel {
    const channel = this.playground.workspace.findChannel(reference);
    if (!channel) throw new BadRequest(`channel: there is no channel called ${reference}`, 404);
    return channel;
  }
}
