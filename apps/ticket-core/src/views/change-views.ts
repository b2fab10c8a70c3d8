import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type {
  createViewInput,
  orderViewsInput,
  SavedViewView,
  updateViewInput,
  viewList,
} from '#shared/contracts/views.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AuditLog, type Audited } from '../audit/audit-log.js';
import { changedFields } from '../audit/changed-fields.js';
import { Database, type Tx } from '../database/database.js';
import { TeamBook } from '../teams/team-book.js';
import { demandRead } from '../vocabulary/vocabulary.policy.js';
import { ReadViews } from './read-views.js';
import { canChange, type ViewOwner } from './view.policy.js';
import { ViewRepository, type ViewWords } from './view.repository.js';
import { scopeOf, type ViewRow, viewViewOf } from './view.view.js';

/** Of one agent, one team or everybody. */
const MAX_VIEWS = 100;

const wordsOf = (row: ViewWords) => ({
  name: row.name,
  scope: scopeOf(row),
  teamId: row.team_id,
  query: row.query,
  position: row.position,
});

/** Saves, changes and deletes views: agents their own, managers also those of teams and of everybody. */
@Injectable()
export class ChangeViews {
  constructor(
    private readonly database: Database,
    private readonly views: ViewRepository,
    private readonly read: ReadViews,
    private readonly teams: TeamBook,
    private readonly audit: AuditLog,
  ) {}

  create(actor: Actor, input: z.output<typeof createViewInput>): Promise<SavedViewView> {
    demandRead(actor, 'views');
    return this.database.tenant(actor.orgId, async (tx) => {
      const owner = ownerOf(actor, input.scope, input.teamId);
      demandChange(actor, owner);
      await this.teams.byId(tx, input.teamId);
      const position = await this.demandRoom(tx, owner);
      const wanted = {
        id: uuidv7(),
        name: input.name,
        ...owner,
        query: input.query,
        position: input.position ?? position,
      };
      const row = await this.views.add(tx, actor.orgId, wanted);
      await this.note(tx, actor, 'created', row, null, wordsOf(row));
      return viewViewOf(row, true);
    });
  }

  update(actor: Actor, id: string, input: z.output<typeof updateViewInput>): Promise<SavedViewView> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.toChange(tx, actor, id);
      const scope = input.scope ?? (input.teamId === undefined ? scopeOf(row) : 'team');
      const owner = ownerOf(actor, scope, input.teamId ?? row.team_id ?? undefined);
      const moved = owner.agent_id !== row.agent_id || owner.team_id !== row.team_id;
      if (moved) {
        demandChange(actor, owner);
        await this.teams.byId(tx, owner.team_id);
        await this.demandRoom(tx, owner);
      }
      const wanted = {
        id,
        ...owner,
        name: input.name ?? row.name,
        query: input.query ?? row.query,
        position: input.position ?? row.position,
      };
      const changed = changedFields(wordsOf(row), wordsOf(wanted));
      if (!changed) return viewViewOf(row, true);
      const next = await this.views.update(tx, wanted);
      await this.note(tx, actor, 'updated', next, changed.from, changed.to);
      return viewViewOf(next, canChange(actor, next));
    });
  }

  remove(actor: Actor, id: string): Promise<{ success: true }> {
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.toChange(tx, actor, id);
      await this.views.remove(tx, id);
      await this.note(tx, actor, 'deleted', row, wordsOf(row), null);
      return { success: true };
    });
  }

  /** Those that one may change; the others keep their places among them. */
  async order(actor: Actor, { views: ids }: z.output<typeof orderViewsInput>): Promise<z.output<typeof viewList>> {
    demandRead(actor, 'views');
    await this.database.tenant(actor.orgId, async (tx) => {
      const rows = await this.read.seen(tx, actor);
      const named = [...new Set(ids)].map((id, place) => {
        const row = rows.find((one) => one.id === id);
        if (row) return row;
        const message = 'is not a view';
        throw new DeskError('BAD_REQUEST', `views.${place}: ${message}`, [{ pointer: `/views/${place}`, message }]);
      });
      const ordered = [...named, ...rows.filter((row) => !named.includes(row))];
      for (const row of named) demandChange(actor, row);
      await this.views.place(
        tx,
        ordered.filter((row) => canChange(actor, row)).map(({ id }) => id),
      );
    });
    return this.read.list(actor, { counts: false });
  }

  private async toChange(tx: Tx, actor: Actor, id: string): Promise<ViewRow> {
    demandRead(actor, 'views');
    const seen = await this.read.find(tx, actor, id);
    demandChange(actor, seen);
    return (await this.views.toChange(tx, id)) ?? this.read.find(tx, actor, id);
  }

  /** Where the next one of this owner would stand. */
  private async demandRoom(tx: Tx, owner: ViewOwner): Promise<number> {
    const count = await this.views.count(tx, owner);
    if (count >= MAX_VIEWS)
      throw new DeskError('UNPROCESSABLE', `There may be ${MAX_VIEWS} views at most: delete some first`);
    return count;
  }

  private async note(
    tx: Tx,
    actor: Actor,
    action: Audited['action'],
    row: ViewRow,
    from: Record<string, unknown> | null,
    to: Record<string, unknown> | null,
  ): Promise<void> {
    await this.audit.add(tx, actor, {
      action,
      subjectType: 'view',
      subjectId: row.id,
      subjectName: row.name,
      from,
      to,
    });
  }
}

function ownerOf(actor: Actor, scope: SavedViewView['scope'], teamId: string | undefined): ViewOwner {
  if (scope === 'organisation') return { agent_id: null, team_id: null };
  if (scope === 'team') return { agent_id: null, team_id: teamId ?? needsTeam() };
  if (actor.kind !== 'agent' || actor.id === null)
    throw new DeskError('FORBIDDEN', 'Only agents have views of their own');
  return { agent_id: actor.id, team_id: null };
}

function needsTeam(): never {
  throw DeskError.at('BAD_REQUEST', '/teamId', 'must name the team whose view it is');
}

function demandChange(actor: Actor, owner: ViewOwner): void {
  if (canChange(actor, owner)) return;
  const who =
    owner.agent_id === null ? 'Only managers may change the views of teams and of everybody' : 'Viewers keep no views';
  throw new DeskError('FORBIDDEN', `${who}; your role is ${actor.role ?? actor.kind}`);
}
