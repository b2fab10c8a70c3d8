import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#shared/contracts/actor.js';
import type {
  createCustomFieldInput,
  customFieldList,
  CustomFieldView,
  updateCustomFieldInput,
} from '#shared/contracts/custom-fields.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AuditLog, type Audited } from '../audit/audit-log.js';
import { changedFields } from '../audit/changed-fields.js';
import { Database, type Tx } from '../database/database.js';
import { nameTaken } from '../database/name-taken.js';
import { demandManage, demandRead } from '../vocabulary/vocabulary.policy.js';
import { CustomFieldRepository } from './custom-field.repository.js';
import { type CustomFieldRow, customFieldViewOf } from './custom-field.view.js';
import { FieldBook } from './field-book.js';

const MAX_FIELDS = 100;

const wordsOf = ({ key, label, type, options, required, position }: CustomFieldRow) => ({
  key,
  label,
  type,
  options,
  required,
  position,
});

/** What else this desk wants to know of a ticket: read by its people, defined by managers. */
@Injectable()
export class CustomFields {
  constructor(
    private readonly database: Database,
    private readonly fields: CustomFieldRepository,
    private readonly book: FieldBook,
    private readonly audit: AuditLog,
  ) {}

  list(actor: Actor): Promise<z.output<typeof customFieldList>> {
    demandRead(actor, 'custom fields');
    return this.database.tenant(actor.orgId, async (tx) => ({
      items: (await this.fields.list(tx)).map(customFieldViewOf),
      nextCursor: null,
    }));
  }

  /** By id or key. */
  one(actor: Actor, ref: string): Promise<CustomFieldView> {
    demandRead(actor, 'custom fields');
    return this.database.tenant(actor.orgId, async (tx) => customFieldViewOf(await this.find(tx, ref)));
  }

  create(actor: Actor, input: z.output<typeof createCustomFieldInput>): Promise<CustomFieldView> {
    return this.changed(actor, async (tx) => {
      const { length } = await this.fields.list(tx);
      if (length >= MAX_FIELDS)
        throw new DeskError('UNPROCESSABLE', `A desk may have ${MAX_FIELDS} custom fields at most`);
      const { key, type, options, required } = input;
      const wanted = {
        id: uuidv7(),
        key,
        type,
        options,
        required,
        label: input.label ?? key,
        position: input.position ?? length,
      };
      const row = await this.fields.add(tx, actor.orgId, wanted);
      if (!row) throw nameTaken('/key', `there is a custom field ${key} already`);
      await this.note(tx, actor, 'created', row, null, wordsOf(row));
      return customFieldViewOf(row);
    });
  }

  update(actor: Actor, ref: string, input: z.output<typeof updateCustomFieldInput>): Promise<CustomFieldView> {
    return this.changed(actor, async (tx) => {
      const row = await this.find(tx, ref);
      if (input.options && row.options.length === 0) {
        throw DeskError.at('BAD_REQUEST', '/options', `is only for select and multi_select, not ${row.type}`);
      }
      const wanted: CustomFieldRow = {
        ...row,
        label: input.label ?? row.label,
        options: input.options ?? row.options,
        required: input.required ?? row.required,
        position: input.position ?? row.position,
      };
      const changed = changedFields(wordsOf(row), wordsOf(wanted));
      if (!changed) return customFieldViewOf(row);
      const next = await this.fields.update(tx, wanted);
      await this.note(tx, actor, 'updated', next, changed.from, changed.to);
      return customFieldViewOf(next);
    });
  }

  /** Tickets keep the values that they have, and nobody can write new ones. */
  remove(actor: Actor, ref: string): Promise<{ success: true }> {
    return this.changed(actor, async (tx) => {
      const row = await this.find(tx, ref);
      await this.fields.remove(tx, row.id);
      await this.note(tx, actor, 'deleted', row, wordsOf(row), null);
      return { success: true };
    });
  }

  private changed<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T> {
    demandManage(actor, 'custom fields');
    return this.database.tenant(actor.orgId, (tx) => {
      tx.afterCommit(() => this.book.forget(actor.orgId));
      return work(tx);
    });
  }

  private async find(tx: Tx, ref: string): Promise<CustomFieldRow> {
    const row = await this.fields.find(tx, ref);
    if (!row) throw new DeskError('NOT_FOUND', 'There is no such custom field');
    return row;
  }

  private note(
    tx: Tx,
    actor: Actor,
    action: Audited['action'],
    { id, key }: CustomFieldRow,
    from: Record<string, unknown> | null,
    to: Record<string, unknown> | null,
  ): Promise<void> {
    return this.audit.add(tx, actor, {
      action,
      subjectType: 'custom_field',
      subjectId: id,
      subjectName: key,
      from,
      to,
    });
  }
}
