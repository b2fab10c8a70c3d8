import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { readAck, readAlertId } from '../alerts/alert.cards.js';
import { AlertPosts } from '../alerts/alert-posts.js';
import { Home } from '../home/home.js';
import { OpenModal } from '../modals/open-modal.js';
import { PrepareModal } from '../modals/prepare-modal.js';
import type { ModalOrigin } from '../modals/verb.modals.js';
import { People } from '../people/people.js';
import * as ids from '../slack/action-ids.js';
import { type ActionBody, actionBody } from '../slack/incoming.js';
import { type Place, Tell } from '../slack/tell.js';
import { TellFailures } from '../slack/tell-failures.js';
import { refuseUnlessAllowed } from './agent-actor.js';
import { LookAtTickets } from './look-at-tickets.js';
import type { Values } from './parse-command.js';
import { RunVerb } from './run-verb.js';
import { type VerbName, verbNamed, VERBS } from './verbs.js';
import { WriteMessage } from './write-message.js';

const pageAsked = z.object({ filters: z.string(), cursor: z.string().nullable(), page: z.int().positive() });

interface Press {
  body: ActionBody;
  place: Place;
  actionId: string;
  value: string;
}

/** Everything that can be pressed or chosen in a message or in App Home. */
@Injectable()
export class PressButton {
  constructor(
    private readonly people: People,
    private readonly run: RunVerb,
    private readonly write: WriteMessage,
    private readonly look: LookAtTickets,
    private readonly modals: OpenModal,
    private readonly prepare: PrepareModal,
    private readonly alerts: AlertPosts,
    private readonly home: Home,
    private readonly tell: Tell,
    private readonly failures: TellFailures,
  ) {}

  async press(raw: unknown): Promise<void> {
    const body = actionBody.parse(raw);
    const [action] = body.actions;
    const place: Place = {
      user: body.user.id,
      channel: body.channel?.id,
      responseUrl: body.response_url,
      threadTs: body.message?.thread_ts ?? body.container?.thread_ts,
    };
    // Inside a modal nothing of ours is pressed: its inputs are read when it is submitted.
    if (!action || body.view?.type === 'modal') return;
    const [actionId, value] = wish(action);
    await this.failures.guard(place, null, async () => this.dispatch({ body, place, actionId, value }));
  }

  private async dispatch(press: Press): Promise<void> {
    const { body, place, actionId, value } = press;
    if (actionId.startsWith(ids.RUN) || actionId.startsWith(ids.ASK)) return this.verb(press);
    if (actionId === ids.OPEN_NEW) return this.openModal(press, 'new', {});
    if (actionId === ids.ALERT_ASSIGN || actionId === ids.ALERT_ACK) return this.alert(press);
    const person = await this.people.person(body.user.id);
    if (actionId === ids.UNDO_REPLY) return this.tell.instead(place, await this.write.undo(person, value));
    if (actionId.startsWith(ids.LIST_PAGE)) {
      return this.tell.instead(place, await this.look.page(person, pageAsked.parse(JSON.parse(value))));
    }
  }

  private async verb(press: Press): Promise<void> {
    const { body, place, actionId, value: ticket } = press;
    const name = actionId.slice(actionId.indexOf(':') + 1) as VerbName;
    if (!VERBS.some((verb) => verb.name === name)) return;
    const needsMore = verbNamed(name).fields.some(({ kind, optional }) => kind !== 'ticket' && !optional);
    if (needsMore || actionId.startsWith(ids.ASK)) return this.openModal(press, name, { ticket });
    const person = await this.people.person(body.user.id);
    const told = await this.run.run(name, { person, values: { ticket }, ref: refOf(body) });
    await this.tell.privately(place, told);
    await this.showAgain(press);
  }

  private async openModal({ body, place }: Press, name: VerbName, values: Values): Promise<void> {
    const origin: ModalOrigin = { channel: place.channel, responseUrl: place.responseUrl, threadTs: place.threadTs };
    await this.modals.open(body.trigger_id, verbNamed(name).modal?.title ?? name, async () =>
      this.prepare.forVerb(name, await this.people.person(body.user.id), values, origin),
    );
  }

  private async alert(press: Press): Promise<void> {
    const { body, place, actionId, value } = press;
    const id = readAlertId(body.actions[0]?.block_id);
    const person = await this.people.person(body.user.id);
    refuseUnlessAllowed(person, verbNamed('take'));
    if (!id) return;
    if (actionId === ids.ALERT_ASSIGN) {
      const values = { ticket: id.ticketId, person: value };
      await this.tell.privately(place, await this.run.run('assign', { person, values, ref: refOf(body) }));
      return this.showAgain(press);
    }
    const at = messageOf(body);
    if (at) await this.alerts.redraw(at, id, { by: person.name, atMs: Date.now() });
  }

  /** What was pressed in a place that does not follow the ticket by itself is drawn again. */
  private async showAgain({ body }: Press): Promise<void> {
    if (body.view?.type === 'home') return this.home.show(body.user.id);
    const id = readAlertId(body.actions[0]?.block_id);
    const at = messageOf(body);
    const blockIds = body.message?.blocks?.map(({ block_id }) => block_id ?? '') ?? [];
    if (id && at) await this.alerts.redraw(at, id, readAck(blockIds));
  }
}

function wish(action: ActionBody['actions'][number]): [actionId: string, value: string] {
  const chosen = action.selected_option?.value;
  if (action.action_id === ids.MORE && chosen !== undefined) {
    const [actionId = '', value = ''] = chosen.split(' ');
    return [actionId, value];
  }
  return [action.action_id, action.value ?? chosen ?? action.selected_user ?? ''];
}

const refOf = (body: ActionBody): string => `slack:press:${body.trigger_id || body.actions[0]?.action_ts || ''}`;

function messageOf({ channel, message, container }: ActionBody): { channel: string; ts: string } | null {
  const ts = message?.ts ?? container?.message_ts;
  return channel && ts !== undefined ? { channel: channel.id, ts } : null;
}
