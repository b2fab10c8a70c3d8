import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import type { RenderedCanned } from '#shared/contracts/canned-responses.js';
import type { TicketRef } from '#shared/contracts/values.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { Database, type Tx } from '../database/database.js';
import { dayOf } from '../organisations/moment.js';
import { SettingsBook } from '../organisations/settings-book.js';
import { FindTicket } from '../tickets/find-ticket.js';
import type { TicketRow } from '../tickets/ticket.view.js';
import { TeamBook } from '../teams/team-book.js';
import { canSeeOfTeam, demandRead } from '../vocabulary/vocabulary.policy.js';
import type { CannedValues } from './canned-variables.js';
import { CannedResponseRepository } from './canned-response.repository.js';
import type { CannedRow } from './canned-response.view.js';
import { parseCanned } from './parse-canned.js';
import { MAX_RENDERED, renderText } from './render-text.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A canned response filled in for a ticket, by its id or shortcut. */
@Injectable()
export class UseCanned {
  constructor(
    private readonly database: Database,
    private readonly canned: CannedResponseRepository,
    private readonly teams: TeamBook,
    private readonly find: FindTicket,
    private readonly settings: SettingsBook,
  ) {}

  /** To look at, or with `use` to be counted: without a ticket what is of one is missing. */
  execute(
    actor: Actor,
    ref: string,
    { ticket, use }: { ticket?: TicketRef | undefined; use: boolean },
  ): Promise<RenderedCanned> {
    demandRead(actor, 'canned responses');
    return this.database.tenant(actor.orgId, async (tx) => {
      const about = ticket === undefined ? null : await this.find.execute(tx, actor, ticket, use ? 'note' : 'read');
      const rendered = await this.render(tx, actor, await this.find404(tx, actor, ref), about);
      if (use) await this.used(tx, actor, rendered.id);
      return rendered;
    });
  }

  /** The same for the message that it becomes, which is counted (`count`) when it is written. BAD_REQUEST at the pointer for one that is not there. */
  async forMessage(tx: Tx, actor: Actor, ref: string, ticket: TicketRow, pointer: string): Promise<RenderedCanned> {
    const row = await this.seen(tx, actor, ref);
    if (!row) {
      throw DeskError.at('BAD_REQUEST', pointer, 'is not a canned response of this desk');
    }
    return this.render(tx, actor, row, ticket);
  }

  count(tx: Tx, id: string): Promise<void> {
    return this.canned.used(tx, id);
  }

  /** NOT_FOUND for one of a team that is not theirs, as if it were not there. */
  async find404(tx: Tx, actor: Actor, ref: string): Promise<CannedRow> {
    const row = await this.seen(tx, actor, ref);
    if (!row) throw new DeskError('NOT_FOUND', 'There is no such canned response');
    return row;
  }

  private async used(tx: Tx, actor: Actor, id: string): Promise<void> {
    if (actor.role === 'viewer') throw new DeskError('FORBIDDEN', 'Your role (viewer) may not use canned responses');
    await this.canned.used(tx, id);
  }

  private async seen(tx: Tx, actor: Actor, ref: string): Promise<CannedRow | null> {
    const row = UUID.test(ref) ? await this.canned.byId(tx, ref) : await this.canned.byShortcut(tx, ref);
    return row && canSeeOfTeam(actor, row.team_id, await this.teams.of(tx, actor)) ? row : null;
  }

  private async render(tx: Tx, actor: Actor, row: CannedRow, ticket: TicketRow | null): Promise<RenderedCanned> {
    const read = parseCanned(row.content);
    // It was read when it was saved; a variable that is no longer known since is the only way here.
    if ('problem' in read) throw new DeskError('UNPROCESSABLE', `The canned response ${row.title} ${read.problem}`);
    const rendered = renderText(read.parts, await this.valuesFor(tx, actor, ticket));
    if (!rendered)
      throw new DeskError(
        'UNPROCESSABLE',
        `It would be longer than ${MAX_RENDERED.toLocaleString('en-GB')} characters`,
      );
    return { id: row.id, title: row.title, ...rendered };
  }

  private async valuesFor(tx: Tx, actor: Actor, ticket: TicketRow | null): Promise<CannedValues> {
    const agentId = actor.kind === 'agent' ? actor.id : null;
    const { timezone } = await this.settings.of(tx, actor.orgId);
    const known = await this.canned.values(tx, agentId, ticket?.contact_id ?? null);
    return {
      'ticket.number': ticket && String(ticket.number),
      'ticket.subject': ticket && ticket.subject,
      'ticket.status': ticket && ticket.status.replaceAll('_', ' '),
      'ticket.priority': ticket && ticket.priority,
      'ticket.category': ticket && ticket.category,
      'ticket.createdOn': ticket && dayOf(ticket.created_at, timezone),
      'contact.name': ticket && ticket.contact_name,
      'contact.firstName': ticket && firstNameOf(ticket.contact_name),
      'contact.email': ticket && ticket.contact_email,
      'company.name': known.company,
      'assignee.name': ticket && ticket.assignee_name,
      'agent.name': actor.name,
      'agent.firstName': firstNameOf(actor.name),
      'agent.email': known.agent_email,
      'organisation.name': known.organisation,
      today: dayOf(new Date(), timezone),
    };
  }
}

/** `Miller, Casey` is Casey too; an address is nobody's first name. */
export function firstNameOf(name: string | null): string | null {
  const text = name?.trim() ?? '';
  if (text.includes('@')) return null;
  const [last, first] = text.split(',');
  return (first?.trim() || last!.trim()).split(/\s+/)[0] ?? null;
}
