import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { deadLetterView } from '#shared/contracts/dead-letters.js';
import { Database } from '../database/database.js';
import { jsonb, plainText, statement } from '../database/statement.js';

type View = z.output<typeof deadLetterView>;
type Row = Omit<View, 'diedAt' | 'replayedAt'> & { diedAt: Date; replayedAt: Date | null };

const COLUMNS = 'id, consumer, subject, event, error, attempts, died_at AS "diedAt", replayed_at AS "replayedAt"';
const ADD = statement(
  'dead-letters.add',
  'INSERT INTO dead_letters (id, org_id, consumer, subject, event, error, attempts) VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7)',
);
const LIST = statement('dead-letters.list', `SELECT ${COLUMNS} FROM dead_letters ORDER BY died_at DESC LIMIT $1`);
const FIND = statement('dead-letters.find', `SELECT ${COLUMNS} FROM dead_letters WHERE id = $1`);
const REPLAYED = statement('dead-letters.replayed', 'UPDATE dead_letters SET replayed_at = now() WHERE id = $1');

const viewOf = (row: Row): View => ({
  ...row,
  diedAt: row.diedAt.toISOString(),
  replayedAt: row.replayedAt?.toISOString() ?? null,
});

@Injectable()
export class DeadLetterRepository {
  constructor(private readonly database: Database) {}

  async add(letter: {
    id: string;
    orgId: string | null;
    consumer: string;
    subject: string;
    event: unknown;
    error: string;
    attempts: number;
  }): Promise<void> {
    const { id, orgId, consumer, subject, event, error, attempts } = letter;
    await this.database.acrossOnce(ADD, [
      id,
      orgId,
      consumer,
      subject,
      jsonb(event ?? null),
      plainText(error),
      attempts,
    ]);
  }

  async list(limit: number): Promise<View[]> {
    return (await this.database.acrossOnce<Row>(LIST, [limit])).map(viewOf);
  }

  async find(id: string): Promise<View | null> {
    const [row] = await this.database.acrossOnce<Row>(FIND, [id]);
    return row ? viewOf(row) : null;
  }

  async markReplayed(id: string): Promise<void> {
    await this.database.acrossOnce(REPLAYED, [id]);
  }
}
