import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#shared/contracts/actor.js';
import { DeskError } from '#shared/errors/desk-error.js';
import { AuditLog } from '../audit/audit-log.js';
import type { Tx } from '../database/database.js';
import { colorOf } from './tag.color.js';
import { TagRepository } from './tag.repository.js';

/**
 * Tags as they are put on a ticket: in the desk's spelling where it knows them (`VIP` becomes `vip`), made where it does
 * not. No query when there are none.
 */
@Injectable()
export class NameTags {
  constructor(
    private readonly tags: TagRepository,
    private readonly audit: AuditLog,
  ) {}

  /** In the order given, each once. A contact may use the desk's tags and makes none. */
  async execute(tx: Tx, actor: Actor, asked: readonly string[], pointer = '/tags'): Promise<string[]> {
    const names = [...new Set(asked.map((name) => name.normalize('NFC').trim()))];
    if (names.length === 0) return [];
    const known = await this.tags.known(tx, names);
    const unknown = names.filter((name) => !known.has(name));
    if (unknown.length > 0) {
      if (actor.kind === 'contact') {
        throw DeskError.at('BAD_REQUEST', pointer, `${unknown[0]} is not a tag of this desk`);
      }
      const made = unknown.map((name) => ({ id: uuidv7(), name, color: colorOf(name), team_id: null, by_use: true }));
      for (const { id, name, color } of await this.tags.add(tx, actor.orgId, made))
        await this.audit.add(tx, actor, {
          action: 'created',
          subjectType: 'tag',
          subjectId: id,
          subjectName: name,
          to: { name, color, teamId: null },
        });
      // Somebody else may have made one meanwhile, and two of ours may differ in case only: the list decides.
      for (const [name, spelling] of await this.tags.known(tx, unknown)) known.set(name, spelling);
    }
    return [...new Set(names.map((name) => known.get(name) ?? name))];
  }
}
