import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/database.js';
import { CustomFieldRepository } from './custom-field.repository.js';
import type { FieldDefinition } from './field-value.js';

/** How long a replica may go on with definitions that another one has changed. */
const FRESH_MS = 2_000;

/** An organisation's custom fields, read at most every two seconds: each ticket that is opened asks for them. */
@Injectable()
export class FieldBook {
  private readonly pages = new Map<string, { readAtMs: number; definitions: FieldDefinition[] }>();

  constructor(private readonly fields: CustomFieldRepository) {}

  async of(tx: Tx, orgId: string): Promise<readonly FieldDefinition[]> {
    const before = this.pages.get(orgId);
    if (before && Date.now() - before.readAtMs < FRESH_MS) return before.definitions;
    const definitions = await this.fields.list(tx);
    if (this.pages.size >= 10_000) this.pages.clear();
    this.pages.set(orgId, { readAtMs: Date.now(), definitions });
    return definitions;
  }

  /** They have changed here; other replicas notice within FRESH_MS. */
  forget(orgId: string): void {
    this.pages.delete(orgId);
  }
}
