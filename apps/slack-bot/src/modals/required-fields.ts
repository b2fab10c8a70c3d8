import { Injectable } from '@nestjs/common';
import { type CustomFieldView, listCustomFields } from '#shared/contracts/custom-fields.js';
import { Desk } from '../desk/desk.js';
import { mayDo, type Person } from '../people/person.js';

/** The desk's own fields that a new ticket must have. The core asks agents for them, and nobody who opens one for themselves. */
@Injectable()
export class RequiredFields {
  constructor(private readonly desk: Desk) {}

  async of(person: Person): Promise<CustomFieldView[]> {
    if (!person.actor || !mayDo(person, 'agent')) return [];
    const { items } = await this.desk.as(person.actor, listCustomFields, {});
    return items.filter(({ required }) => required);
  }
}
