import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { parseInput } from '../parse-input.js';
import { Playground } from '../playground.js';
import { elementsOf } from '../workspace/block-ids.js';
import { newId } from '../workspace/ids.js';
import type { Channel, Json, Member, Message } from '../workspace/model.js';
import { BadRequest } from '../workspace/slack-error.js';
import type { OpenView } from '../workspace/views.js';
import * as inputs from './people.inputs.js';
import { DONE, type Outcome } from './outcome.js';
import { messageView, seenBy, viewView } from './seen-by.view.js';
import { composed, richTextOf } from './typed-text.js';
import type { Use } from './use-element.js';

/** What a person does in Slack, and sees there; `:who` is alice, bea, max or casey. */
@Controller('playground/api/people/:who')
export class PeopleHttp {
  constructor(private readonly playground: Playground) {}

  @Get()
  seen(@Param('who') who: string): Json {
    return seenBy(this.person(who), this.playground.workspace, this.playground.views);
  }

  @Get('ephemerals')
  ephemerals(@Param('who') who: string): Json[] {
    const { workspace } = this.playground;
    const { id } = this.person(who);
    return workspace.ephemerals.filter((one) => one.ephemeralFor === id).map((one) => messageView(one, workspace, id));
  }

  @Get('view')
  view(@Param('who') who: string): { view: Json | null; depth: number } {
    const { views } = this.playground;
    const { id } = this.person(who);
    const top = views.top(id);
    return { view: top ? viewView(top, views) : null, depth: views.stackOf(id).length };
  }

  @Get('home')
  home(@Param('who') who: string): { view: Json | null } {
    const { views } = this.playground;
    const home = views.home(this.person(who).id);
    return { view: home ? viewView(home, views) : null };
  }

  @Post('command')
  @HttpCode(200)
  command(@Param('who') who: string, @Body() body: unknown): Promise<Outcome> {
    const { text, channel, threadTs } = parseInput(inputs.commandInput, body);
    const place = this.channel(channel ?? this.playground.config.SLACK_TRIAGE_CHANNEL, who);
    return this.playground.runCommand.execute(this.person(who), place, text, threadTs);
  }

  @Post('messages')
  @HttpCode(200)
  post(@Param('who') who: string, @Body() body: unknown): { ts: string; channel: string } {
    const input = parseInput(inputs.postInput, body);
    const { workspace, address } = this.playground;
    const person = this.person(who);
    const channel = this.channel(input.channel, who);
    if (input.text === '' && input.files.length === 0) throw new BadRequest('text: must not be empty without files');
    const parent = input.threadTs === undefined ? undefined : this.message(channel, input.threadTs, person);
    const text = composed(input.text, workspace);
    const message = workspace.post({
      channel: channel.id,
      user: person.id,
      text,
      blocks: text === '' ? [] : [{ ...richTextOf(text), block_id: newId('').slice(0, 5) }],
      files: input.files.map(({ name, mimetype, contentBase64 }) => ({
        id: newId('F'),
        name,
        mimetype,
        content: Buffer.from(contentBase64, 'base64'),
        baseUrl: address.url,
      })),
      broadcast: input.broadcast && parent !== undefined,
      ...(parent ? { threadTs: parent.threadTs ?? parent.ts } : {}),
    });
    return { ts: message.ts, channel: channel.id };
  }

  @Post('messages/edit')
  @HttpCode(200)
  edit(@Param('who') who: string, @Body() body: unknown): Outcome {
    const input = parseInput(inputs.editInput, body);
    const { person, message } = this.own(who, input);
    const text = composed(input.text, this.playground.workspace);
    this.playground.workspace.change(message, person.id, { text, blocks: [richTextOf(text)] });
    return DONE;
  }

  @Post('messages/delete')
  @HttpCode(200)
  remove(@Param('who') who: string, @Body() body: unknown): Outcome {
    const { message } = this.own(who, parseInput(inputs.deleteInput, body));
    this.playground.workspace.remove(message);
    return DONE;
  }

  @Post('messages/dismiss')
  @HttpCode(200)
  dismiss(@Param('who') who: string, @Body() body: unknown): Outcome {
    const { channel, ts } = parseInput(inputs.deleteInput, body);
    const person = this.person(who);
    const message = this.message(this.channel(channel, who), ts, person);
    if (message.ephemeralFor !== person.id)
      throw new BadRequest('ts: only a message that is visible to this person alone can be dismissed');
    this.playground.workspace.remove(message);
    return DONE;
  }

  @Post('messages/react')
  @HttpCode(200)
  react(@Param('who') who: string, @Body() body: unknown): Outcome {
    const { channel, ts, name, remove } = parseInput(inputs.reactInput, body);
    const person = this.person(who);
    const message = this.message(this.channel(channel, who), ts, person);
    if (remove) this.playground.workspace.unreact(message, person.id, name);
    else this.playground.workspace.react(message, person.id, name);
    return DONE;
  }

  @Post('press')
  @HttpCode(200)
  press(@Param('who') who: string, @Body() body: unknown): Promise<Outcome> {
    const input = parseInput(inputs.pressInput, body);
    const person = this.person(who);
    const channel = this.channel(input.channel, who);
    return this.playground.useElement.inMessage(person, channel, this.message(channel, input.ts, person), input);
  }

  @Post('view/press')
  @HttpCode(200)
  viewPress(@Param('who') who: string, @Body() body: unknown): Promise<Outcome> {
    const input = parseInput(inputs.viewPressInput, body);
    const person = this.person(who);
    return this.playground.useElement.inView(person, this.openView(person, input.view), input, input.typed);
  }

  @Post('suggest')
  @HttpCode(200)
  async suggest(@Param('who') who: string, @Body() body: unknown): Promise<{ options: Json[] }> {
    const input = parseInput(inputs.suggestInput, body);
    const person = this.person(who);
    const inMessage =
      input.channel !== undefined && input.ts !== undefined ? this.channel(input.channel, who) : undefined;
    const place = inMessage
      ? { channel: inMessage, message: this.message(inMessage, input.ts ?? '', person) }
      : { view: this.openView(person, input.view ?? 'modal') };
    return { options: await this.playground.useElement.suggest(person, place, input, input.query) };
  }

  @Post('view/submit')
  @HttpCode(200)
  submit(@Param('who') who: string, @Body() body: unknown): Promise<Outcome> {
    const input = parseInput(inputs.submitInput, body);
    const person = this.person(who);
    const view = this.openView(person, 'modal');
    if (input.viewId !== undefined && input.viewId !== view.id)
      throw new BadRequest('viewId: another view is on top now', 409);
    return this.playground.submitView.submit(person, view, [...input.typed, ...shortValues(view, input.values)]);
  }

  @Post('view/close')
  @HttpCode(200)
  close(@Param('who') who: string, @Body() body: unknown): Promise<Outcome> {
    const { all } = parseInput(inputs.closeInput, body ?? {});
    const person = this.person(who);
    return this.playground.submitView.close(person, this.openView(person, 'modal'), all);
  }

  @Post('shortcut')
  @HttpCode(200)
  shortcut(@Param('who') who: string, @Body() body: unknown): Promise<Outcome> {
    const { callbackId, channel, ts } = parseInput(inputs.shortcutInput, body);
    const person = this.person(who);
    if (channel === undefined || ts === undefined) return this.playground.runShortcut.global(person, callbackId);
    const place = this.channel(channel, who);
    return this.playground.runShortcut.onMessage(person, callbackId, place, this.message(place, ts, person));
  }

  @Post('home/open')
  @HttpCode(200)
  openHome(@Param('who') who: string): Outcome {
    const { workspace, views, events } = this.playground;
    const { id } = this.person(who);
    const direct = workspace.findChannel(id)?.id;
    const home = views.home(id);
    const view = home ? { view: views.output(home) } : {};
    events.send({
      type: 'app_home_opened',
      user: id,
      channel: direct,
      tab: 'home',
      ...view,
      event_ts: workspace.clock.next(),
    });
    return DONE;
  }

  private person(who: string): Member {
    return this.playground.workspace.person(who);
  }

  private channel(reference: string, who: string): Channel {
    const { workspace } = this.playground;
    const found = reference === 'dm' ? workspace.findChannel(this.person(who).id) : workspace.findChannel(reference);
    if (found?.members.has(this.person(who).id)) return found;
    throw new BadRequest(`channel: ${who} is in no channel called ${reference}`, 404);
  }

  private message(channel: Channel, ts: string, person: Member): Message {
    const { workspace } = this.playground;
    const ephemeral = workspace.ephemerals.find(
      (one) => one.ts === ts && one.channel === channel.id && one.ephemeralFor === person.id,
    );
    const message = ephemeral ?? channel.messages.get(ts);
    if (!message) throw new BadRequest(`ts: no message ${ts} in ${channel.name || channel.id}`, 404);
    return message;
  }

  private own(who: string, at: z.infer<typeof inputs.deleteInput>): { person: Member; message: Message } {
    const person = this.person(who);
    const message = this.message(this.channel(at.channel, who), at.ts, person);
    if (message.user !== person.id) throw new BadRequest('ts: that message is somebody else’s', 403);
    return { person, message };
  }

  private openView(person: Member, kind: 'modal' | 'home'): OpenView {
    const { views } = this.playground;
    const view = kind === 'modal' ? views.top(person.id) : views.home(person.id);
    if (!view) throw new BadRequest(`view: ${person.name} has no ${kind} open`, 404);
    return view;
  }
}

/** `{ subject: 'Hi' }`: the key is the block_id, or else the action_id. */
function shortValues(view: OpenView, values: Readonly<Record<string, unknown>>): Use[] {
  const all = elementsOf(view.blocks);
  return Object.entries(values).map(([key, value]) => {
    const found =
      all.find(({ block }) => block['block_id'] === key) ?? all.find(({ element }) => element['action_id'] === key);
    const keys = all.map(({ block, element }) => `${String(block['block_id'])}/${String(element['action_id'])}`);
    if (!found) throw new BadRequest(`values.${key}: the view has no such field; there are ${keys.join(', ')}`);
    return { actionId: String(found.element['action_id']), blockId: String(found.block['block_id']), value };
  });
}
