import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type { createTagInput, TagView, updateTagInput } from '#shared/contracts/tags.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AuditLog } from '../audit/audit-log.js';
import { Database, type Tx } from '../database/database.js';
import { TeamBook } from '../teams/team-book.js';
import { changedFields } from '../audit/changed-fields.js';
import { nameTaken, unlessTaken } from '../database/name-taken.js';
import { RewordStored } from '../vocabulary/reword-stored.js';
import { RewordTickets } from '../vocabulary/reword-tickets.js';
import { demandManage } from '../vocabulary/vocabulary.policy.js';
import { noSuchTag, ReadTags } from './read-tags.js';
import { colorOf } from './tag.color.js';
import { TagRepository } from './tag.repository.js';
import type { TagRow } from './tag.view.js';

const wordsOf = ({ name, color, team_id: teamId }: TagRow) => ({ name, color, teamId });

/** Makes, renames, merges and deletes tags: managers. The tickets follow (RewordTickets). */
@Injectable()
export class ChangeTags {
  constructor(
    private readonly database: Database,
    private readonly tags: TagRepository,
    private readonly read: ReadTags,
    private readonly teams: TeamBook,
    private readonly audit: AuditLog,
    private readonly tickets: RewordTickets,
    private readonly stored: RewordStored,
  ) {}

  /** A tag that is only there because somebody put it on a ticket is adopted, in this spelling; one made by hand stays. */
  async create(actor: Actor, input: z.output<typeof createTagInput>): Promise<TagView> {
    demandManage(actor, 'tags');
    const { id, rewording } = await this.database.tenant(actor.orgId, async (tx) => {
      await this.teams.byId(tx, input.teamId);
      const { name, teamId } = input;
      const tag = { id: uuidv7(), name, color: input.color ?? colorOf(name), team_id: teamId, by_use: false };
      const [row] = await this.tags.add(tx, actor.orgId, [tag]);
      if (row) {
        await this.note(tx, actor, 'created', row, null, wordsOf(row));
        return { id: row.id, rewording: null };
      }
      const before = await this.tags.byName(tx, name);
      if (!before) throw new DeskError('UNPROCESSABLE', 'This desk has as many tags as it may: delete some first');
      if (!before.by_use) throw nameTaken('/name', `there is a tag ${before.name} already`);
      const adopted = await this.tags.update(tx, { ...tag, id: before.id });
      await this.note(tx, actor, 'updated', adopted, wordsOf(before), wordsOf(adopted));
      const respelled = adopted.name !== before.name;
      return {
        id: before.id,
        rewording: respelled ? await this.reword(tx, actor, before.id, before.name, adopted.name) : null,
      };
    });
    if (rewording) await this.tickets.hurry(actor.orgId, rewording);
    return this.read.one(actor, id);
  }

  async update(actor: Actor, id: string, input: z.output<typeof updateTagInput>): Promise<TagView> {
    demandManage(actor, 'tags');
    const { survivorId, rewording } = await this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.tags.toChange(tx, id)) ?? noSuchTag();
      await this.teams.byId(tx, input.teamId);
      const name = input.name ?? row.name;
      const other = input.name === undefined ? null : await this.tags.byName(tx, name);
      if (other && other.id !== id) {
        if (!input.merge) {
          const hint = 'send "merge": true to make the two one';
          throw nameTaken('/name', `there is a tag ${other.name} already; ${hint}`);
        }
        return { survivorId: other.id, rewording: await this.merge(tx, actor, row, other, input) };
      }
      const wanted = { id, name, color: input.color ?? row.color, team_id: teamOf(input, row) };
      const changed = changedFields(wordsOf(row), wordsOf({ ...row, ...wanted }));
      if (!changed) return { survivorId: id, rewording: null };
      const next = await unlessTaken(this.tags.update(tx, wanted), '/name', `there is a tag ${name} already`);
      await this.note(tx, actor, 'updated', next, changed.from, changed.to);
      const renamed = next.name !== row.name;
      return { survivorId: id, rewording: renamed ? await this.reword(tx, actor, id, row.name, next.name) : null };
    });
    if (rewording) await this.tickets.hurry(actor.orgId, rewording);
    return this.read.one(actor, survivorId);
  }

  /** Tickets that are worked on lose it; resolved and closed ones keep it, as part of what was. */
  async remove(actor: Actor, id: string): Promise<{ success: true }> {
    demandManage(actor, 'tags');
    const rewording = await this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.tags.toChange(tx, id)) ?? noSuchTag();
      await this.tags.remove(tx, id);
      await this.note(tx, actor, 'deleted', row, wordsOf(row), null);
      return this.reword(tx, actor, id, row.name, null);
    });
    await this.tickets.hurry(actor.orgId, rewording);
    return { success: true };
  }

  private async merge(tx: Tx, actor: Actor, row: TagRow, into: TagRow, input: z.output<typeof updateTagInput>) {
    await this.tags.remove(tx, row.id);
    const wanted = { ...into, color: input.color ?? into.color, team_id: teamOf(input, into) };
    if (changedFields(wordsOf(into), wordsOf(wanted))) await this.tags.update(tx, wanted);
    await this.note(tx, actor, 'merged', row, wordsOf(row), wordsOf(wanted));
    return this.reword(tx, actor, into.id, row.name, into.name);
  }

  private async reword(tx: Tx, actor: Actor, subjectId: string, from: string, to: string | null): Promise<string> {
    await this.stored.execute(tx, { kind: 'tag', from, to });
    return this.tickets.begin(tx, actor, { kind: 'tag', subjectId, from, to });
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: 'created' | 'updated' | 'merged' | 'deleted',
    row: TagRow,
    from: Record<string, unknown> | null,
    to: Record<string, unknown> | null,
  ): Promise<void> {
    return this.audit.add(tx, actor, {
      action,
      subjectType: 'tag',
      subjectId: row.id,
      subjectName: row.name,
      from,
      to,
    });
  }
}

const teamOf = ({ teamId }: { teamId?: string | null | undefined }, row: TagRow): string | null =>
  teamId === undefined ? row.team_id : teamId;
