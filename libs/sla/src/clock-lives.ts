import type { Calendar } from './calendar.schema.js';
import type { SlaRules } from './policy.schema.js';
import type { EventSide, SlaEvent } from './sla-event.schema.js';
import { isFinished, type TicketStatus } from './ticket-status.js';

export type SlaTarget = 'first_response' | 'next_response' | 'resolution';

/** What a clock is judged by. */
export type Ruling = { policy: SlaRules | null; calendar: Calendar | null };

/**
 * When a clock ran, before any arithmetic: from each `from` up to `to` (null: it still runs).
 * `ended` says how it stopped: `done` is by what it waits for, `cancelled` because nobody waits for that any more.
 * `ruling` is what it is judged by.
 */
export type ClockLife = {
  target: SlaTarget;
  cycle: number;
  spans: { from: number; to: number | null }[];
  ended: 'done' | 'cancelled' | null;
  ruling: Ruling;
  /** All that it was judged by while it ran, and since when; the last is `ruling`. */
  rulings: { from: number; ruling: Ruling }[];
};

/**
 * Reads an ordered history and says which clocks it started and stopped. No durations here: every rule about
 * *what* starts and stops a clock is in this file, and none about how long anything took.
 *
 * Clocks live whether or not the policy sets a target for them, so that a later policy finds them running since the
 * ticket's creation. A clock that runs is judged by the policy of now; one that has stopped keeps the policy that
 * was in force when it stopped: a reply that was in time is not made late by next week's policy.
 */
export function clockLives(history: readonly SlaEvent[], initial: Ruling): ClockLife[] {
  const desk = new Desk(initial);
  for (const event of history) desk.apply(event);
  return desk.lives;
}

class Desk {
  readonly lives: ClockLife[] = [];
  private first: ClockLife | null = null;
  private next: ClockLife | null = null;
  private resolution: ClockLife | null = null;
  private rounds = 0;
  private status: TicketStatus = 'open';
  private withdrawn = false;
  /** The agent who opened the ticket for themselves, if so: on this ticket they are the customer. */
  private selfServed: string | null = null;

  constructor(private ruling: Ruling) {}

  apply(event: SlaEvent): void {
    if (this.withdrawn) return;
    switch (event.type) {
      case 'opened':
        this.first = this.start('first_response', 1, event.at);
        this.resolution = this.start('resolution', 1, event.at);
        if (event.forThemselves && event.actorId !== undefined) this.selfServed = event.actorId;
        if (event.publicReply && !event.forThemselves && event.by === 'agent') this.agentResponded(event.at);
        // The status a ticket is born with is no status change: it answers nobody.
        if (event.status) this.moveTo(event.status, 'system', event.at);
        return;
      case 'agent_replied':
        if (event.by === 'system') return;
        if (event.actorId !== undefined && event.actorId === this.selfServed) this.customerWrote(event.at);
        else this.agentResponded(event.at);
        return;
      case 'customer_replied':
        if (event.by !== 'system') this.customerWrote(event.at);
        return;
      case 'status_changed':
        return this.moveTo(event.to, event.by, event.at);
      case 'resolved':
        return this.moveTo('resolved', event.by, event.at);
      case 'reopened':
        return this.moveTo(event.to ?? 'open', event.by, event.at);
      case 'policy_changed':
        this.ruling = { policy: event.policy, calendar: event.calendar };
        for (const life of this.lives) if (!life.ended) this.rule(life, event.at);
        return;
      case 'withdrawn':
        return this.withdraw(event.at);
      case 'note_added':
      case 'paused':
      case 'resumed':
        return;
    }
  }

  /** Unlike closing, which answers the resolution: nobody got anything by this. */
  private withdraw(at: number): void {
    this.stopFirst('cancelled', at);
    this.stopNext('cancelled', at);
    if (this.resolution && !this.resolution.ended) this.stop(this.resolution, 'cancelled', at);
    this.withdrawn = true;
  }

  private agentResponded(at: number): void {
    // A word after the end (a farewell on a resolved ticket) answers no clock and starts none.
    if (isFinished(this.status)) return;
    this.stopFirst('done', at);
    this.stopNext('done', at);
    if (this.ruling.policy?.nextResponseFrom !== 'customer_message') this.startRound(at);
  }

  private customerWrote(at: number): void {
    // On a resolved ticket nobody owes an answer until it is reopened. While the first response is
    // owed the message belongs to that one, even when the policy sets no target for it.
    if (isFinished(this.status) || this.first) return;
    if (this.ruling.policy?.nextResponseFrom === 'customer_message') this.startRound(at);
  }

  private moveTo(status: TicketStatus, by: EventSide, at: number): void {
    const before = this.status;
    this.status = status;
    if (before === status) return;
    const countsAsResponse = this.ruling.policy?.firstResponseBy === 'public_reply_or_status_change';
    if (isFinished(status)) {
      // Resolved, then closed: nothing more to stop.
      if (isFinished(before)) return;
      this.stopFirst(countsAsResponse ? 'done' : 'cancelled', at);
      this.stopNext('cancelled', at);
      if (this.resolution) this.stop(this.resolution, 'done', at);
      return;
    }
    if (isFinished(before)) return this.reopen(by, at);
    // Only a person on the agents' side has responded by it: the customer's own mail reopening the ticket, or a
    // workflow tidying up, is no response.
    if (countsAsResponse && by === 'agent') this.stopFirst('done', at);
  }

  private reopen(by: EventSide, at: number): void {
    const { resolution } = this;
    if (resolution && this.ruling.policy?.onReopen === 'restart') {
      this.resolution = this.start('resolution', resolution.cycle + 1, at);
    } else if (resolution) {
      resolution.spans.push({ from: at, to: null });
      resolution.ended = null;
      this.rule(resolution, at);
    }
    // A first response that the resolving cancelled stays so: from here on next_response asks for the answer.
    if (by === 'contact') this.startRound(at);
  }

  /** One round runs at a time: a second message waits in the first one's round. */
  private startRound(at: number): void {
    if (this.next) return;
    this.rounds += 1;
    this.next = this.start('next_response', this.rounds, at);
  }

  private stopFirst(how: 'done' | 'cancelled', at: number): void {
    if (this.first) this.stop(this.first, how, at);
    this.first = null;
  }

  private stopNext(how: 'done' | 'cancelled', at: number): void {
    if (this.next) this.stop(this.next, how, at);
    this.next = null;
  }

  private start(target: SlaTarget, cycle: number, at: number): ClockLife {
    const { ruling } = this;
    const spans = [{ from: at, to: null }];
    const life: ClockLife = { target, cycle, spans, ended: null, ruling, rulings: [{ from: at, ruling }] };
    this.lives.push(life);
    return life;
  }

  private rule(life: ClockLife, at: number): void {
    if (life.ruling === this.ruling) return;
    life.ruling = this.ruling;
    life.rulings.push({ from: at, ruling: this.ruling });
  }

  private stop(life: ClockLife, how: 'done' | 'cancelled', at: number): void {
    life.spans.at(-1)!.to = at;
    life.ended = how;
  }
}
