import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import type { Tx } from '../database/database.js';
import { TeamBook } from '../teams/team-book.js';
import { DeskVocabulary } from '../vocabulary/desk-vocabulary.js';
import { canSeeOfTeam } from '../vocabulary/vocabulary.policy.js';
import { TemplateAssignee } from './template-assignee.js';
import { TemplateRepository } from './template.repository.js';
import { filledIn } from './filled.state.js';

interface Asked {
  templateId?: string | undefined;
}

/**
 * Fills in what a request for a ticket leaves out. A template may be older than the desk: what it names and is no more (an
 * agent who left, a team, a category, a field) is left out and said in `warnings`; the ticket is opened all the same.
 */
@Injectable()
export class FillFromTemplate {
  constructor(
    private readonly templates: TemplateRepository,
    private readonly teams: TeamBook,
    private readonly vocabulary: DeskVocabulary,
    private readonly assignees: TemplateAssignee,
  ) {}

  async execute<T extends Asked>(tx: Tx, actor: Actor, asked: T): Promise<{ fields: T; warnings: string[] }> {
    const { templateId } = asked;
    if (templateId === undefined) return { fields: asked, warnings: [] };
    const row = await this.templates.byId(tx, templateId);
    if (!row || !canSeeOfTeam(actor, row.team_id, await this.teams.of(tx, actor))) {
      throw DeskError.at('BAD_REQUEST', '/templateId', 'is not a template of this desk');
    }
    const warnings: string[] = [];
    const fields = await this.stillTrue(tx, actor, row.fields, asked, warnings);
    return { fields: filledIn(asked, fields), warnings };
  }

  /** When the ticket is there; its row is held only from now to the commit. */
  async used(tx: Tx, templateId: string | undefined): Promise<void> {
    if (templateId !== undefined) await this.templates.used(tx, templateId);
  }

  private async stillTrue(
    tx: Tx,
    actor: Actor,
    stored: Readonly<Record<string, unknown>>,
    asked: object,
    warnings: string[],
  ): Promise<Record<string, unknown>> {
    const fields = { ...stored };
    const checks: Record<string, (value: unknown) => Promise<unknown>> = {
      teamId: (id) => this.teams.byId(tx, id as string | null),
      assigneeId: (named) => this.assignees.demand(tx, named as string | null),
      category: (category) => this.vocabulary.checkUpdate(tx, actor, NOTHING, { category: category as string }),
    };
    for (const [field, check] of Object.entries(checks)) {
      const overruled = (asked as Record<string, unknown>)[field] !== undefined;
      if (fields[field] === undefined || overruled) continue;
      const why = await complaintOf(check(fields[field]));
      if (why === null) continue;
      delete fields[field];
      warnings.push(`The template’s ${field} was left out: ${why}`);
    }
    const custom = (fields['customFields'] ?? {}) as Record<string, unknown>;
    const kept: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(custom)) {
      const why = await complaintOf(
        this.vocabulary.checkUpdate(tx, actor, NOTHING, { customFields: { [key]: value } }),
      );
      if (why === null) kept[key] = value;
      else warnings.push(`The template’s customFields.${key} was left out: ${why}`);
    }
    return { ...fields, ...(fields['customFields'] !== undefined && { customFields: kept }) };
  }
}

const NOTHING = { custom_fields: {} };

/** What is wrong, in the words of the error; null when nothing is. What is no complaint about the input stays an error. */
async function complaintOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (!(error instanceof DeskError) || error.code !== 'BAD_REQUEST') throw error;
    return error.problems[0]?.message ?? error.message;
  }
}
