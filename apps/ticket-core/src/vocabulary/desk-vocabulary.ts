import { Injectable } from '@nestjs/common';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError, type Problem } from '#shared/errors/desk-error.js';
import { CategoryBook } from '../categories/category-book.js';
import { checkedFields } from '../custom-fields/checked-fields.js';
import { FieldBook } from '../custom-fields/field-book.js';
import type { Tx } from '../database/database.js';
import { NameTags } from '../tags/name-tags.js';

/** What a request says of a ticket in the desk's own words; what is absent was not said. */
export interface AskedWords {
  category?: string | undefined;
  tags?: string[] | undefined;
  customFields?: Record<string, unknown> | undefined;
}

/** The ticket as it is, under its lock. */
export interface WordsBefore {
  custom_fields: Record<string, unknown>;
}

/**
 * The desk's vocabulary, asked by whatever writes a ticket: the category is one of the list, tags are spelled as the desk
 * spells them (new ones are made), custom fields are what their definitions say. BAD_REQUEST names each field that is not.
 */
@Injectable()
export class DeskVocabulary {
  constructor(
    private readonly categories: CategoryBook,
    private readonly fields: FieldBook,
    private readonly tags: NameTags,
  ) {}

  /** The category of whatever is opened without one, such as a mail. */
  defaultCategory(tx: Tx, orgId: string): Promise<string> {
    return this.categories.defaultOf(tx, orgId);
  }

  /** A new ticket's words, complete. Required fields are asked of agents whose surface has a place for them. */
  async checkOpen<T extends AskedWords>(
    tx: Tx,
    actor: Actor,
    asked: T,
  ): Promise<T & { category: string; tags: string[]; customFields: Record<string, unknown> }> {
    const required = actor.kind === 'agent' && !ASKS_FOR_NO_FIELDS.has(actor.surface) ? 'all' : 'none';
    const problems: Problem[] = [];
    const category = await this.category(tx, actor, asked.category, problems);
    const definitions = await this.fields.of(tx, actor.orgId);
    const checked = checkedFields({ definitions, before: {}, asked: asked.customFields ?? {}, required });
    refuse([...problems, ...checked.problems]);
    return {
      ...asked,
      category: category ?? (await this.categories.defaultOf(tx, actor.orgId)),
      tags: await this.tags.execute(tx, actor, asked.tags ?? []),
      customFields: checked.fields,
    };
  }

  /**
   * The words of a change, ready for ChangeTicket: `customFields` as they will be in all. Each key that the request names is
   * changed, null takes it away, the others stay.
   */
  async checkUpdate<T extends AskedWords>(tx: Tx, actor: Actor, before: WordsBefore, asked: T): Promise<T> {
    const problems: Problem[] = [];
    const next: T = { ...asked };
    const category = await this.category(tx, actor, asked.category, problems);
    if (category !== undefined) next.category = category;
    if (asked.customFields !== undefined) {
      const definitions = await this.fields.of(tx, actor.orgId);
      const required = actor.kind === 'agent' ? 'asked' : 'none';
      const checked = checkedFields({ definitions, before: before.custom_fields, asked: asked.customFields, required });
      problems.push(...checked.problems);
      next.customFields = checked.fields;
    }
    refuse(problems);
    if (asked.tags !== undefined) next.tags = await this.tags.execute(tx, actor, asked.tags);
    return next;
  }

  private async category(
    tx: Tx,
    actor: Actor,
    asked: string | undefined,
    problems: Problem[],
  ): Promise<string | undefined> {
    if (asked === undefined) return undefined;
    const { name, all } = await this.categories.spelling(tx, actor.orgId, asked);
    if (name === null) problems.push({ pointer: '/category', message: `must be one of ${all.join(', ')}` });
    return name ?? undefined;
  }
}

/** A mail has no form. */
const ASKS_FOR_NO_FIELDS: ReadonlySet<Actor['surface']> = new Set<Actor['surface']>(['email', 'system']);

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const text = problems.map(({ pointer, message }) => `${pointer.slice(1).replaceAll('/', '.')}: ${message}`);
  throw new DeskError('BAD_REQUEST', text.join('; '), [...problems].slice(0, 20));
}
