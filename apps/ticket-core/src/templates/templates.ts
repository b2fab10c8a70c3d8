import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type {
  createTemplateInput,
  listTemplatesInput,
  templatePage,
  TemplateView,
  updateTemplateInput,
} from '#shared/contracts/templates.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AuditLog, type Audited } from '../audit/audit-log.js';
import { changedFields } from '../audit/changed-fields.js';
import { readWordCursor } from '../database/cursor.js';
import { Database, type Tx } from '../database/database.js';
import { pageByWord } from '../database/page.js';
import { TeamBook } from '../teams/team-book.js';
import { DeskVocabulary } from '../vocabulary/desk-vocabulary.js';
import { unlessTaken } from '../database/name-taken.js';
import { canManage, canSeeOfTeam, demandManage, demandRead } from '../vocabulary/vocabulary.policy.js';
import { TemplateAssignee } from './template-assignee.js';
import { TemplateRepository, type TemplateWords } from './template.repository.js';
import { type TemplateRow, templateViewOf } from './template.view.js';

type Fields = z.output<typeof createTemplateInput>['fields'];

const wordsOf = ({ name, description, team_id: teamId, fields }: TemplateWords) => ({
  name,
  description,
  teamId,
  fields,
});

/** Tickets that are opened again and again, written down once: read by everybody they are for, worded by managers. */
@Injectable()
export class Templates {
  constructor(
    private readonly database: Database,
    private readonly templates: TemplateRepository,
    private readonly teams: TeamBook,
    private readonly assignees: TemplateAssignee,
    private readonly vocabulary: DeskVocabulary,
    private readonly audit: AuditLog,
  ) {}

  /** By name: everybody's, and those of the teams that the actor belongs to. */
  page(actor: Actor, input: z.output<typeof listTemplatesInput>): Promise<z.output<typeof templatePage>> {
    demandRead(actor, 'templates');
    const after = readWordCursor(input.cursor);
    return this.database.tenant(actor.orgId, async (tx) => {
      const { q, teamId, limit } = input;
      const teams = canManage(actor) ? null : await this.teams.of(tx, actor);
      const filter = { q: q ?? null, teams, teamId: teamId ?? null, after, limit: limit + 1 };
      const rows = await this.templates.page(tx, filter);
      return pageByWord(rows, limit, templateViewOf, ({ key }) => key);
    });
  }

  one(actor: Actor, id: string): Promise<TemplateView> {
    demandRead(actor, 'templates');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = await this.templates.byId(tx, id);
      if (!row || !canSeeOfTeam(actor, row.team_id, await this.teams.of(tx, actor))) noSuchTemplate();
      return templateViewOf(row);
    });
  }

  create(actor: Actor, input: z.output<typeof createTemplateInput>): Promise<TemplateView> {
    demandManage(actor, 'templates');
    return this.database.tenant(actor.orgId, async (tx) => {
      const { name, description, teamId } = input;
      await this.teams.byId(tx, teamId);
      const wanted = {
        id: uuidv7(),
        name,
        description,
        team_id: teamId,
        fields: await this.checked(tx, actor, input.fields),
      };
      const row = await unlessTaken(this.templates.add(tx, actor.orgId, wanted, actor.id), '/name', taken(name));
      await this.note(tx, actor, 'created', row, null, wordsOf(row));
      return templateViewOf(row);
    });
  }

  update(actor: Actor, id: string, input: z.output<typeof updateTemplateInput>): Promise<TemplateView> {
    demandManage(actor, 'templates');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.templates.toChange(tx, id)) ?? noSuchTemplate();
      await this.teams.byId(tx, input.teamId);
      const wanted = {
        id,
        name: input.name ?? row.name,
        description: input.description ?? row.description,
        team_id: input.teamId === undefined ? row.team_id : input.teamId,
        fields: input.fields ? await this.checked(tx, actor, input.fields) : row.fields,
      };
      const changed = changedFields(wordsOf(row), wordsOf(wanted));
      if (!changed) return templateViewOf(row);
      const next = await unlessTaken(this.templates.update(tx, wanted), '/name', taken(wanted.name));
      await this.note(tx, actor, 'updated', next, changed.from, changed.to);
      return templateViewOf(next);
    });
  }

  remove(actor: Actor, id: string): Promise<{ success: true }> {
    demandManage(actor, 'templates');
    return this.database.tenant(actor.orgId, async (tx) => {
      const row = (await this.templates.toChange(tx, id)) ?? noSuchTemplate();
      await this.templates.remove(tx, id);
      await this.note(tx, actor, 'deleted', row, wordsOf(row), null);
      return { success: true };
    });
  }

  /** As they would have to be to open a ticket today; the pointers are into the template's `fields`. */
  private async checked(tx: Tx, actor: Actor, fields: Fields): Promise<Record<string, unknown>> {
    const { category, customFields, tags: _tags } = fields;
    await this.teams.byId(tx, fields.teamId, '/fields/teamId');
    const assigneeId = await this.assignees.demand(tx, fields.assigneeId, '/fields/assigneeId');
    const words = await this.vocabulary
      .checkUpdate(tx, actor, { custom_fields: {} }, { category, customFields })
      .catch((error: unknown) => {
        throw error instanceof DeskError ? underFields(error) : error;
      });
    const all = { ...fields, ...words, assigneeId };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: Audited['action'],
    { id, name }: TemplateRow,
    from: Record<string, unknown> | null,
    to: Record<string, unknown> | null,
  ): Promise<void> {
    return this.audit.add(tx, actor, {
      action,
      subjectType: 'ticket_template',
      subjectId: id,
      subjectName: name,
      from,
      to,
    });
  }
}

const taken = (name: string): string => `there is a template ${name} already`;

const underFields = ({ code, message, problems }: DeskError): DeskError =>
  new DeskError(
    code,
    `fields.${message}`,
    problems.map((problem) => ({ ...problem, pointer: `/fields${problem.pointer}` })),
  );

function noSuchTemplate(): never {
  throw new DeskError('NOT_FOUND', 'There is no such template');
}
