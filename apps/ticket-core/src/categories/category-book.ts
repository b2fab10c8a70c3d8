import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { CategoryRepository } from './category.repository.js';
import { defaultCategories } from './category.view.js';

/** How long a replica may go on with a list that another one has changed. */
export const FRESH_MS = 2_000;

interface Page {
  readAtMs: number;
  names: readonly string[];
  own: boolean;
}

/** An organisation's categories in order, read at most every two seconds: each new ticket asks for them. */
@Injectable()
export class CategoryBook {
  private readonly pages = new Map<string, Page>();

  constructor(private readonly categories: CategoryRepository) {}

  /** What a ticket gets when nobody says. */
  async defaultOf(tx: Tx, orgId: string): Promise<string> {
    return (await this.page(tx, orgId)).names[0]!;
  }

  /** As the desk spells it, or null and what it may be. */
  async spelling(tx: Tx, orgId: string, asked: string): Promise<{ name: string | null; all: readonly string[] }> {
    const { names, own } = await this.page(tx, orgId);
    const wanted = asked.normalize('NFC').trim();
    // One's own list may be changed while this ticket is written: then the ticket must be written first, or know of it.
    const name = own
      ? await this.categories.known(tx, wanted)
      : (names.find((one) => one === wanted.toLowerCase()) ?? null);
    // What it may be is told as it is: who names what was renamed just now would be offered that.
    const all = own && name === null ? (await this.categories.list(tx)).map((row) => row.name) : names;
    return { name, all };
  }

  /** A filter with its categories as the desk spells them; what is none of them stays as it was said, and finds nothing. */
  async spelledIn<F extends { category?: string[] | undefined }>(tx: Tx, orgId: string, filters: F): Promise<F> {
    if (filters.category === undefined) return filters;
    const { names } = await this.page(tx, orgId);
    const spelled = new Map(names.map((name) => [name.toLowerCase(), name]));
    const asked = filters.category.map((one) => one.normalize('NFC').trim());
    return { ...filters, category: asked.map((one) => spelled.get(one.toLowerCase()) ?? one) };
  }

  /** It has changed here; other replicas notice within FRESH_MS. */
  forget(orgId: string): void {
    this.pages.delete(orgId);
  }

  private async page(tx: Tx, orgId: string): Promise<Page> {
    const before = this.pages.get(orgId);
    if (before && Date.now() - before.readAtMs < FRESH_MS) return before;
    const rows = await this.categories.list(tx);
    const own = rows.length > 0;
    const names = (own ? rows : defaultCategories(orgId)).map(({ name }) => name);
    const page = { readAtMs: Date.now(), names, own };
    if (this.pages.size >= 10_000) this.pages.clear();
    this.pages.set(orgId, page);
    return page;
  }
}
