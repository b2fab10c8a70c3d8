import { checkView } from '#slack/check-view.js';
import { SLACK_LIMITS } from '#slack/limits.js';
import { jsonPointer } from '#slack/problem.js';
import { objects, withIds } from './block-ids.js';
import { stateValues } from './element-state.js';
import { newId, shortId, type TsClock } from './ids.js';
import { APP, TEAM, type Json, type StateValues } from './model.js';
import { SlackError } from './slack-error.js';

export interface OpenView {
  readonly id: string;
  readonly userId: string;
  readonly rootId: string;
  readonly previousId: string | null;
  /** As the app sent it, with ids filled in. */
  view: Json;
  blocks: Json[];
  values: StateValues;
  hash: string;
  /** block_id to what is wrong with it. */
  errors: Record<string, string>;
  /** What Slack says above the fields when the app did not answer. */
  failure?: string;
}

/** The modals that each person has open (three deep at most), and their App Homes. */
export class Views {
  private readonly stacks = new Map<string, OpenView[]>();
  private readonly homes = new Map<string, OpenView>();

  constructor(
    private readonly clock: TsClock,
    private readonly shown: () => void,
  ) {}

  reset(): void {
    this.stacks.clear();
    this.homes.clear();
  }

  stackOf(userId: string): readonly OpenView[] {
    return this.stacks.get(userId) ?? [];
  }

  top(userId: string): OpenView | undefined {
    return this.stackOf(userId).at(-1);
  }

  home(userId: string): OpenView | undefined {
    return this.homes.get(userId);
  }

  byId(id: string): OpenView | undefined {
    return this.all().find((one) => one.id === id);
  }

  open(userId: string, view: unknown): OpenView {
    const opened = this.build(userId, checked(view, 'modal'), undefined);
    this.stacks.set(userId, [opened]);
    this.shown();
    return opened;
  }

  push(userId: string, view: unknown): OpenView {
    const stack = this.stackOf(userId);
    const top = stack.at(-1);
    if (!top) throw new SlackError('not_found');
    if (stack.length >= SLACK_LIMITS.viewStack) throw new SlackError('push_limit_reached');
    const pushed = this.build(userId, checked(view, 'modal'), top);
    this.stacks.set(userId, [...stack, pushed]);
    this.shown();
    return pushed;
  }

  update(found: OpenView, view: unknown, hash?: string): OpenView {
    if (hash !== undefined && hash !== found.hash) throw new SlackError('hash_conflict');
    const type = found.view['type'] === 'home' ? 'home' : 'modal';
    const next = checked(view, type);
    this.refuseUsedExternalId(next, found);
    found.view = next;
    found.blocks = withIds(objects(next['blocks']));
    found.values = stateValues(found.blocks, found.values);
    found.hash = this.newHash();
    found.errors = {};
    delete found.failure;
    this.shown();
    return found;
  }

  publish(userId: string, view: unknown, hash?: string): OpenView {
    const current = this.homes.get(userId);
    if (current) return this.update(current, view, hash);
    const published = this.build(userId, checked(view, 'home'), undefined);
    this.homes.set(userId, published);
    this.shown();
    return published;
  }

  byExternalId(externalId: string): OpenView | undefined {
    return this.all().find((one) => one.view['external_id'] === externalId);
  }

  /** Closes one view (what lies above it goes too), or with `all` the person's whole stack. */
  close(view: OpenView, all = false): void {
    const stack = this.stackOf(view.userId);
    const left = all ? [] : stack.slice(0, Math.max(0, stack.indexOf(view)));
    this.stacks.set(view.userId, stack.includes(view) ? left : [...stack]);
    this.shown();
  }

  /** The view as payloads and answers carry it. */
  output(view: OpenView): Json {
    const { view: given } = view;
    const home = given['type'] === 'home';
    return {
      id: view.id,
      team_id: TEAM.id,
      type: given['type'],
      blocks: view.blocks,
      private_metadata: given['private_metadata'] ?? '',
      callback_id: given['callback_id'] ?? '',
      state: { values: structuredClone(view.values) },
      hash: view.hash,
      title: given['title'] ?? { type: 'plain_text', text: 'View Title', emoji: true },
      clear_on_close: given['clear_on_close'] ?? false,
      notify_on_close: given['notify_on_close'] ?? false,
      close: given['close'] ?? null,
      submit: given['submit'] ?? null,
      previous_view_id: home ? null : view.previousId,
      root_view_id: view.rootId,
      app_id: APP.id,
      external_id: given['external_id'] ?? '',
      app_installed_team_id: TEAM.id,
      bot_id: APP.botId,
    };
  }

  private build(userId: string, view: Json, previous: OpenView | undefined): OpenView {
    this.refuseUsedExternalId(view, undefined);
    const id = newId('V');
    const blocks = withIds(objects(view['blocks']));
    const place = { id, userId, rootId: previous?.rootId ?? id, previousId: previous?.id ?? null };
    return { ...place, view, blocks, values: stateValues(blocks), hash: this.newHash(), errors: {} };
  }

  private refuseUsedExternalId(view: Json, own: OpenView | undefined): void {
    const externalId = view['external_id'];
    if (typeof externalId !== 'string' || externalId === '') return;
    const holder = this.byExternalId(externalId);
    if (holder && holder !== own) throw new SlackError('duplicate_external_id');
  }

  private newHash(): string {
    return `${this.clock.next().split('.')[0]}.${shortId()}${shortId()}`;
  }

  private all(): OpenView[] {
    return [...[...this.stacks.values()].flat(), ...this.homes.values()];
  }
}

/** A view that Slack takes, or `invalid_arguments` with the reasons as Slack words them. */
function checked(view: unknown, type: 'modal' | 'home'): Json {
  const problems = checkView(view);
  if (problems.length > 0) {
    const messages = problems.map(({ path, message }) => `[ERROR] ${message} [json-pointer:/view${jsonPointer(path)}]`);
    throw new SlackError('invalid_arguments', { response_metadata: { messages } });
  }
  const given = view as Json;
  if (given['type'] !== type) {
    const messages = [`[ERROR] must be a ${type} view [json-pointer:/view/type]`];
    throw new SlackError('invalid_arguments', { response_metadata: { messages } });
  }
  return given;
}
