import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { type NameChange, reworded } from './reworded.state.js';
import { type StoredWords, StoredWordsRepository } from './stored-words.repository.js';

/** Templates and saved views say the new name at once: they are few. */
@Injectable()
export class RewordStored {
  constructor(private readonly stored: StoredWordsRepository) {}

  async execute(tx: Tx, change: NameChange): Promise<void> {
    for (const row of await this.stored.templates(tx)) {
      const next = this.next(row, 'template', change);
      if (next) await this.stored.setTemplate(tx, next);
    }
    for (const row of await this.stored.views(tx)) {
      const next = this.next(row, 'view', change);
      if (next) await this.stored.setView(tx, next);
    }
  }

  private next({ id, words }: StoredWords, where: 'template' | 'view', change: NameChange): StoredWords | null {
    const next = reworded(words, where, change);
    return next === words ? null : { id, words: next };
  }
}
