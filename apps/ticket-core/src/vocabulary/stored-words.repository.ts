import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { jsonb, statement } from '../database/statement.js';

export interface StoredWords {
  id: string;
  words: Record<string, unknown>;
}

const TEMPLATES = statement(
  'stored-words.templates',
  `SELECT id, fields AS words FROM ticket_templates WHERE org_id = (SELECT current_org()) AND deleted_at IS NULL FOR UPDATE`,
);
const VIEWS = statement(
  'stored-words.views',
  `SELECT id, query AS words FROM saved_views WHERE org_id = (SELECT current_org()) AND deleted_at IS NULL FOR UPDATE`,
);
const SET_TEMPLATE = statement(
  'stored-words.set-template',
  'UPDATE ticket_templates SET fields = $2::jsonb WHERE org_id = (SELECT current_org()) AND id = $1',
);
const SET_VIEW = statement(
  'stored-words.set-view',
  'UPDATE saved_views SET query = $2::jsonb WHERE org_id = (SELECT current_org()) AND id = $1',
);

/** Where names of tags and categories are written down beside tickets: templates and saved views. */
@Injectable()
export class StoredWordsRepository {
  templates(tx: Tx): Promise<StoredWords[]> {
    return tx.query<StoredWords>(TEMPLATES);
  }

  views(tx: Tx): Promise<StoredWords[]> {
    return tx.query<StoredWords>(VIEWS);
  }

  async setTemplate(tx: Tx, { id, words }: StoredWords): Promise<void> {
    await tx.query(SET_TEMPLATE, [id, jsonb(words)]);
  }

  async setView(tx: Tx, { id, words }: StoredWords): Promise<void> {
    await tx.query(SET_VIEW, [id, jsonb(words)]);
  }
}
