import type { Feature } from '../feature.js';
import { CustomFieldRepository } from './custom-field.repository.js';
import { CustomFields } from './custom-fields.js';
import { CustomFieldsHttp } from './custom-fields.http.js';
import { CustomFieldsNats } from './custom-fields.nats.js';
import { FieldBook } from './field-book.js';

export const customFields: Feature = {
  controllers: [CustomFieldsHttp, CustomFieldsNats],
  providers: [CustomFieldRepository, FieldBook, CustomFields],
};
