import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type {
  cannedPage,
  CannedResponseView,
  createCannedResponseInput,
  listCannedInput,
  updateCannedResponseInput,
} from '#shared/contracts/canned-responses.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AuditLog, type Audited } from '../audit/audit-log.js';
import { changedFields } from '../audit/changed-fields.js';
import { readWordCursor } from '../database/cursor.js';
import { Database, type Tx } from '../database/database.js';
import { pageByWord } from '../database/page.js';
import { TeamBook } from '../teams/team-book.js';
import { unlessTaken } from '../database/name-taken.js';
import { canManage, canManageForTeam, canSeeOfTeam, demandRead } from '../vocabulary/vocabulary.policy.js';
import { CannedResponseRepository, type CannedWords } from './canned-response.repository.js';
import { type CannedRow, cannedViewOf } from './canned-response.view.js';
import { parseCanned } from './parse-canned.js';
import { UseCanned } from './use-canned.js';

const wordsOf = ({ title, shortcut, content, team_id: teamId }: CannedWords) => ({ title, shortcut, content, teamId });

/** Replies that a desk writes again and again: managers word everybody's, agents those of their own teams. */
@Injectable()
export class CannedResponses {
  constructor(
    private readonly database: Database,
    private readonly canned: CannedResponseRepository,
    private readonly use: UseCanned,
    private readonly teams: TeamBook,
    private readonly audit: AuditLog,
  ) {}

  /** Everybody's, and those of the teams that the actor belongs to; managers see all. */
  page(actor: Actor, input: z.output<typeof listCannedInput>): Promise<z.output<typeof cannedPage>> {
    demandRead(actor, 'canned responses');
    const after = readWordCursor(input.cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const { q, teamId, limit, sort } = input;
      const teams = canManage(actor) ? null : await this.teams.of(tx, actor);
      const filter = { q: q ?? null, teams, teamId: teamId ?? null, sort, after, limit: limit + 1 };
      const rows = await this.canned.page(tx, filter);
      return pageByWord(rows, limit, viewOf, ({ key }) => key);
    });
  }

  /** By id or shortcut. */
  one(actor: Actor, ref: string): Promise<CannedResponseView> {
    demandRead(actor, 'canned responses');
    return this.database.tenant(actor.orgId, async (tx) => viewOf(await this.use.find404(tx, actor, ref)));
  }

  create(actor: Actor, input: z.output<typeof createCannedResponseInput>): Promise<CannedResponseView> {
    demandReadable(input.textField, input.content);
    return this.database.tenant(actor.orgId, async (tx) => {
      await this.demandManage(tx, actor, input.teamId);
      await this.teams.byId(tx, input.teamId);
      const { title, shortcut, content, teamId } = input;
      const wanted = { id: uuidv7(), title, shortcut, content, team_id: teamId };
      const row = await unlessTaken(this.canned.add(tx, actor.orgId, wanted, actor.id), '/shortcut', taken(shortcut));
      await this.note(tx, actor, 'created', row, null, wordsOf(row));
      return viewOf(row);
    });
  }

  update(actor: Actor, ref: string, input: z.output<typeof updateCannedResponseInput>): Promise<CannedResponseView> {
    if (input.content !== undefined) demandReadable(input.textField, input.content);
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.toChange(tx, actor, ref);
      if (input.teamId !== undefined) {
        await this.demandManage(tx, actor, input.teamId);
        await this.teams.byId(tx, input.teamId);
      }
      const wanted = {
        id: row.id,
        title: input.title ?? row.title,
        shortcut: input.shortcut === undefined ? row.shortcut : input.shortcut,
        content: input.content ?? row.content,
        team_id: input.teamId === undefined ? row.team_id : input.teamId,
      };
      const changed = changedFields(wordsOf(row), wordsOf(wanted));
      if (!changed) return viewOf(row);
      const next = await unlessTaken(this.canned.update(tx, wanted), '/shortcut', taken(wanted.shortcut));
      await this.note(tx, actor, 'updated', next, changed.from, changed.to);
      return viewOf(next);
    });
  }

  remove(actor: Actor, ref: string): Promise<{ success: true }> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.toChange(tx, actor, ref);
      await this.canned.remove(tx, row.id);
      await this.note(tx, actor, 'deleted', row, wordsOf(row), null);
      return { success: true };
    });
  }

  /** Locked until the commit, for who may change it. */
  private async toChange(tx: Tx, actor: Actor, ref: string): Promise<CannedRow> {
    const { id } = await this.use.find404(tx, actor, ref);
    const row = await this.canned.toChange(tx, id);
    // Read again behind the lock: it may have gone, or to another team.
    if (!row || !canSeeOfTeam(actor, row.team_id, await this.teams.of(tx, actor)))
      throw new DeskError('NOT_FOUND', 'There is no such canned response');
    await this.demandManage(tx, actor, row.team_id);
    return row;
  }

  private async demandManage(tx: Tx, actor: Actor, teamId: string | null): Promise<void> {
    if (canManageForTeam(actor, teamId, await this.teams.of(tx, actor))) return;
    const who =
      teamId === null ? 'Only managers may change everybody’s' : 'Only managers and its members may change a team’s';
    throw new DeskError('FORBIDDEN', `${who} canned responses; your role is ${actor.role ?? actor.kind}`);
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: Audited['action'],
    { id, title }: CannedRow,
    from: Record<string, unknown> | null,
    to: Record<string, unknown> | null,
  ): Promise<void> {
    return this.audit.add(tx, actor, {
      action,
      subjectType: 'canned_response',
      subjectId: id,
      subjectName: title,
      from,
      to,
    });
  }
}

const taken = (shortcut: string | null): string => `there is a canned response /${shortcut} already`;

const viewOf = (row: CannedRow): CannedResponseView => {
  const read = parseCanned(row.content);
  return cannedViewOf(row, 'problem' in read ? [] : read.variables);
};

function demandReadable(field: string, content: string): void {
  const read = parseCanned(content);
  if ('problem' in read) throw DeskError.at('BAD_REQUEST', `/${field}`, read.problem);
}
