import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type {
  categoryList,
  CategoryView,
  createCategoryInput,
  orderCategoriesInput,
  updateCategoryInput,
} from '#shared/contracts/categories.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AuditLog } from '../audit/audit-log.js';
import { Database, type Tx } from '../database/database.js';
import { nameTaken, unlessTaken } from '../database/name-taken.js';
import { RewordStored } from '../vocabulary/reword-stored.js';
import { RewordTickets } from '../vocabulary/reword-tickets.js';
import { demandManage, demandRead } from '../vocabulary/vocabulary.policy.js';
import { CategoryBook, FRESH_MS } from './category-book.js';
import { CategoryRepository } from './category.repository.js';
import { type CategoryRow, categoryViewOf, defaultCategories } from './category.view.js';

const MAX_CATEGORIES = 200;

type Named = Pick<CategoryRow, 'id' | 'name'>;

/** What tickets of this desk may be about: read by its people, changed by managers. */
@Injectable()
export class Categories {
  constructor(
    private readonly database: Database,
    private readonly categories: CategoryRepository,
    private readonly book: CategoryBook,
    private readonly audit: AuditLog,
    private readonly tickets: RewordTickets,
    private readonly stored: RewordStored,
  ) {}

  /** All, in order: the first is what a ticket gets when nobody says. */
  list(actor: Actor): Promise<z.output<typeof categoryList>> {
    demandRead(actor, 'categories');
    return this.database.tenant(actor.orgId, async (tx) => ({ items: await this.views(tx, actor), nextCursor: null }));
  }

  /** By id or by name. */
  one(actor: Actor, ref: string): Promise<CategoryView> {
    demandRead(actor, 'categories');
    return this.database.tenant(actor.orgId, (tx) => this.view(tx, actor, ref));
  }

  create(actor: Actor, input: z.output<typeof createCategoryInput>): Promise<CategoryView> {
    return this.changed(actor, async (tx, rows) => {
      this.demandFree(rows, input.name, null);
      if (rows.length >= MAX_CATEGORIES) {
        const message = `a desk may have ${MAX_CATEGORIES} categories at most`;
        throw new DeskError('UNPROCESSABLE', message);
      }
      const row = { id: uuidv7(), name: input.name };
      await this.write(tx, actor, placed(rows, row, input.position ?? rows.length), row.name);
      await this.note(tx, actor, 'created', row, null, { name: row.name });
      return () => this.reread(actor, row.id);
    });
  }

  /** Tickets that have it follow its new name. */
  update(actor: Actor, ref: string, input: z.output<typeof updateCategoryInput>): Promise<CategoryView> {
    return this.changed(actor, async (tx, rows) => {
      const row = findIn(rows, ref);
      const place = rows.indexOf(row);
      const name = input.name ?? row.name;
      this.demandFree(rows, name, row.id);
      const others = rows.filter(({ id }) => id !== row.id);
      await this.write(tx, actor, placed(others, { ...row, name }, input.position ?? place), name);
      const to = input.position ?? place;
      if (name !== row.name || to !== place)
        await this.note(
          tx,
          actor,
          'updated',
          { id: row.id, name },
          { name: row.name, position: place },
          { name, position: to },
        );
      const walk = name === row.name ? null : await this.reword(tx, actor, row.id, row.name, name);
      return async () => {
        if (walk) await this.tickets.hurry(actor.orgId, walk);
        return this.reread(actor, row.id);
      };
    });
  }

  order(actor: Actor, wanted: z.output<typeof orderCategoriesInput>): Promise<z.output<typeof categoryList>> {
    return this.changed(actor, async (tx, rows) => {
      const ordered = wanted.categories.map((ref) => findIn(rows, ref, '/categories'));
      const missing = rows.filter((row) => !ordered.includes(row)).map(({ name }) => name);
      if (missing.length > 0 || new Set(ordered).size !== ordered.length) {
        const message =
          missing.length > 0 ? `must name all of them: ${missing.join(', ')} is missing` : 'names one twice';
        throw DeskError.at('BAD_REQUEST', '/categories', message);
      }
      await this.categories.write(tx, actor.orgId, ordered);
      const names = (list: readonly Named[]) => ({ order: list.map(({ name }) => name) });
      await this.note(tx, actor, 'updated', { id: null, name: 'categories' }, names(rows), names(ordered));
      return () => this.list(actor);
    });
  }

  /** UNPROCESSABLE while tickets have it, unless it says which they get instead. */
  remove(actor: Actor, ref: string, replaceBy: string | undefined): Promise<{ success: true }> {
    return this.changed(actor, async (tx, rows) => {
      const row = findIn(rows, ref);
      const rest = rows.filter(({ id }) => id !== row.id);
      if (rest.length === 0) throw new DeskError('UNPROCESSABLE', 'A desk needs one category at least');
      const heir = replaceBy === undefined ? null : findIn(rest, replaceBy, '/replaceBy');
      if (!heir && (await this.categories.used(tx, row.name))) {
        throw DeskError.at(
          'UNPROCESSABLE',
          '/replaceBy',
          `tickets have the category ${row.name}: say which they get instead`,
        );
      }
      await this.categories.write(tx, actor.orgId, rows);
      await this.categories.remove(tx, row.id);
      await this.categories.write(tx, actor.orgId, rest);
      await this.note(tx, actor, 'deleted', row, { name: row.name }, heir && { replacedBy: heir.name });
      const walk = heir ? await this.reword(tx, actor, heir.id, row.name, heir.name) : null;
      if (!heir) await this.stored.execute(tx, { kind: 'category', from: row.name, to: null });
      return async () => {
        if (walk) await this.tickets.hurry(actor.orgId, walk);
        return { success: true as const };
      };
    });
  }

  /** One change of the list; what it returns is done when it has committed. The defaults become rows with the first. */
  private async changed<T>(actor: Actor, work: (tx: Tx, rows: CategoryRow[]) => Promise<() => Promise<T>>): Promise<T> {
    demandManage(actor, 'categories');
    const then = await this.database.tenant(actor.orgId, async (tx) => {
      await this.categories.lock(tx, actor.orgId);
      tx.afterCommit(() => this.book.forget(actor.orgId));
      return work(tx, await this.rows(tx, actor.orgId));
    });
    return then();
  }

  private async reword(tx: Tx, actor: Actor, subjectId: string, from: string, to: string): Promise<string> {
    await this.stored.execute(tx, { kind: 'category', from, to });
    const walk = { kind: 'category', subjectId, from, to } as const;
    const first = await this.tickets.begin(tx, actor, walk);
    // Another replica may know the list as it was, and open tickets under the old name, for a moment yet.
    await this.tickets.begin(tx, actor, walk, FRESH_MS + 500);
    return first;
  }

  private write(tx: Tx, actor: Actor, rows: readonly Named[], name: string): Promise<void> {
    const taken = `there is a category ${name} already`;
    return unlessTaken(this.categories.write(tx, actor.orgId, rows), '/name', taken);
  }

  private async rows(tx: Tx, orgId: string): Promise<CategoryRow[]> {
    const own = await this.categories.list(tx);
    return own.length > 0 ? own : defaultCategories(orgId);
  }

  private async views(tx: Tx, actor: Actor): Promise<CategoryView[]> {
    const rows = await this.rows(tx, actor.orgId);
    const progressOf = await this.tickets.progressOf(
      tx,
      rows.map(({ id }) => id),
    );
    return rows.map((row, place) => categoryViewOf(row, place, progressOf(row.id)));
  }

  private async view(tx: Tx, actor: Actor, ref: string): Promise<CategoryView> {
    const views = await this.views(tx, actor);
    return views.find(({ id }) => id === findIn(views, ref).id)!;
  }

  private reread(actor: Actor, id: string): Promise<CategoryView> {
    return this.database.tenant(actor.orgId, (tx) => this.view(tx, actor, id));
  }

  private demandFree(rows: readonly Named[], name: string, but: string | null): void {
    if (rows.some((row) => row.id !== but && row.name.toLowerCase() === name.toLowerCase()))
      throw nameTaken('/name', `there is a category ${name} already`);
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: 'created' | 'updated' | 'deleted',
    { id, name }: { id: string | null; name: string },
    from: Record<string, unknown> | null,
    to: Record<string, unknown> | null,
  ): Promise<void> {
    return this.audit.add(tx, actor, { action, subjectType: 'category', subjectId: id, subjectName: name, from, to });
  }
}

const placed = (others: readonly Named[], row: Named, position: number): Named[] => others.toSpliced(position, 0, row);

/** By id or, whatever its case, by name. NOT_FOUND, or BAD_REQUEST at the pointer when the body named it. */
function findIn<Row extends Named>(rows: readonly Row[], ref: string, pointer?: string): Row {
  const wanted = ref.normalize('NFC').trim().toLowerCase();
  const row = rows.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  if (row) return row;
  const message = `must be one of ${rows.map(({ name }) => name).join(', ')}`;
  if (pointer) throw DeskError.at('BAD_REQUEST', pointer, message);
  throw new DeskError('NOT_FOUND', 'There is no such category');
}
