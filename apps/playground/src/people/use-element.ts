import type { Address } from '../address.js';
import type { BotLine } from '../bot/bot-line.js';
import type { ResponseUrls } from '../bot/response-urls.js';
import { elementsOf, objects, type Placed } from '../workspace/block-ids.js';
import { choose, isStateful, stateValues, type Directory } from '../workspace/element-state.js';
import type { Channel, Json, Member, Message, StateValues } from '../workspace/model.js';
import { BadRequest } from '../workspace/slack-error.js';
import type { Triggers } from '../workspace/triggers.js';
import type { OpenView, Views } from '../workspace/views.js';
import type { Workspace } from '../workspace/workspace.js';
import { DONE, outcomeOf, type Outcome } from './outcome.js';
import { about, inChannel, messageContainer } from './payloads.js';

/** Which element, and what was done with it. `value` is loose: an option's value or label, a person's name, text. */
export interface Use {
  readonly actionId: string;
  readonly blockId?: string | undefined;
  readonly value?: unknown;
}

type Place = { message: Message; channel: Channel } | { view: OpenView };

/** A person presses a button or chooses in a menu, in a message, a modal or the App Home: `block_actions`. */
export class UseElement {
  constructor(
    private readonly workspace: Workspace,
    private readonly views: Views,
    private readonly triggers: Triggers,
    private readonly urls: ResponseUrls,
    private readonly line: BotLine,
    private readonly address: Address,
  ) {}

  async inMessage(person: Member, channel: Channel, message: Message, use: Use): Promise<Outcome> {
    const place: Place = { message, channel };
    const placed = this.find(place, use);
    const given = await this.withSuggestion(person, place, placed, use.value);
    const chosen = choose(placed.element, given, this.directory());
    const values = stateValues(message.blocks, message.chosen.get(person.id));
    remember(values, placed, chosen);
    message.chosen.set(person.id, values);

    const nowMs = Date.now();
    const thread = message.threadTs ? { threadTs: message.threadTs } : {};
    const path = this.urls.issue(
      'actions',
      { channel: channel.id, user: person.id, source: message, ...thread },
      nowMs,
    );
    const payload = {
      type: 'block_actions',
      ...about(person),
      ...messageContainer(message, this.workspace.replies(message)),
      ...inChannel(channel),
      trigger_id: this.triggers.issue(person.id, nowMs),
      state: { values },
      response_url: this.address.url + path,
      actions: [this.action(placed, chosen)],
    };
    return outcomeOf(await this.line.interaction(payload));
  }

  /** `typed` is what stands in the other fields at that moment; it travels in the view's state. */
  async inView(person: Member, view: OpenView, use: Use, typed: readonly Use[] = []): Promise<Outcome> {
    await this.type(person, view, typed);
    const placed = this.find({ view }, use);
    const given = await this.withSuggestion(person, { view }, placed, use.value);
    const chosen = choose(placed.element, given, this.directory());
    remember(view.values, placed, chosen);
    if (placed.block['type'] === 'input' && placed.block['dispatch_action'] !== true) return DONE;
    const payload = {
      type: 'block_actions',
      ...about(person),
      container: { type: 'view', view_id: view.id },
      trigger_id: this.triggers.issue(person.id, Date.now()),
      view: this.views.output(view),
      actions: [this.action(placed, chosen)],
    };
    return outcomeOf(await this.line.interaction(payload));
  }

  /** Fills fields of a view without telling the app. */
  async type(person: Member, view: OpenView, typed: readonly Use[]): Promise<void> {
    for (const one of typed) {
      const placed = this.find({ view }, one);
      const given = await this.withSuggestion(person, { view }, placed, one.value);
      remember(view.values, placed, choose(placed.element, given, this.directory()));
    }
  }

  /** What the app offers in an external menu for what was typed into it: `block_suggestion`. */
  async suggest(person: Member, place: Place, use: Pick<Use, 'actionId' | 'blockId'>, query: string): Promise<Json[]> {
    const { block, element } = this.find(place, use);
    const where =
      'view' in place
        ? { container: { type: 'view', view_id: place.view.id }, view: this.views.output(place.view) }
        : { ...messageContainer(place.message, this.workspace.replies(place.message)), ...inChannel(place.channel) };
    const ids = { action_id: element['action_id'], block_id: block['block_id'], value: query };
    const answer = await this.line.interaction({ type: 'block_suggestion', ...about(person), ...where, ...ids });
    if (!answer.ok) throw new BadRequest(outcomeOf(answer).message ?? 'no suggestions', 502);
    const groups = objects(answer.json?.['option_groups']).flatMap((group) => objects(group['options']));
    return [...objects(answer.json?.['options']), ...groups];
  }

  private find(place: Place, { actionId, blockId }: Pick<Use, 'actionId' | 'blockId'>): Placed {
    const blocks =
      'view' in place
        ? place.view.blocks
        : [...place.message.blocks, ...place.message.attachments.flatMap((one) => objects(one['blocks']))];
    const all = elementsOf(blocks);
    const found = all.find(({ block, element }) => {
      return element['action_id'] === actionId && (blockId === undefined || block['block_id'] === blockId);
    });
    if (found) return found;
    const there = all.map(({ block, element }) => `${String(block['block_id'])}/${String(element['action_id'])}`);
    throw new BadRequest(
      `actionId: nothing called ${actionId} here; there are ${there.join(', ') || 'no elements'}`,
      404,
    );
  }

  /** Typed text in an external menu picks the app's first suggestion with that value or label. */
  private async withSuggestion(
    person: Member,
    place: Place,
    { block, element }: Placed,
    value: unknown,
  ): Promise<unknown> {
    const external = element['type'] === 'external_select' || element['type'] === 'multi_external_select';
    if (!external || value === null || value === undefined || value === '') return value;
    const use = { actionId: String(element['action_id']), blockId: String(block['block_id']) };
    const one = async (given: unknown): Promise<unknown> => {
      if (typeof given !== 'string') return given;
      const options = await this.suggest(person, place, use, given);
      const label = (option: Json): unknown => (option['text'] as Json | undefined)?.['text'];
      const found = options.find((option) => option['value'] === given || label(option) === given) ?? options[0];
      if (!found) throw new BadRequest(`value: the app suggests nothing for ${JSON.stringify(given)}`);
      return found;
    };
    return Array.isArray(value) ? Promise.all((value as unknown[]).map(one)) : one(value);
  }

  private action({ block, element }: Placed, chosen: Json): Json {
    const { type, action_id, confirm, placeholder } = element;
    const initial = Object.entries(element).filter(([key]) => key.startsWith('initial_') && key !== 'initial_value');
    return {
      type,
      action_id,
      block_id: block['block_id'],
      ...chosen,
      ...(confirm ? { confirm } : {}),
      ...(placeholder ? { placeholder } : {}),
      ...(type === 'button' && element['style'] ? { style: element['style'] } : {}),
      ...(type === 'button' && element['url'] ? { url: element['url'] } : {}),
      ...Object.fromEntries(initial),
      action_ts: this.workspace.clock.next(),
    };
  }

  private directory(): Directory {
    return {
      userId: (reference) => this.workspace.person(reference).id,
      channelId: (reference) => {
        const channel = this.workspace.findChannel(reference);
        if (!channel) throw new BadRequest(`value: no channel called ${reference}`);
        return channel.id;
      },
    };
  }
}

function remember(values: StateValues, { block, element }: Placed, chosen: Json): void {
  if (!isStateful(element)) return;
  const [blockId, actionId] = [String(block['block_id']), String(element['action_id'])];
  (values[blockId] ??= {})[actionId] = { type: element['type'], ...chosen };
}
