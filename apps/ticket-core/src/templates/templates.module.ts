import type { Feature } from '../feature.js';
import { FillFromTemplate } from './fill-from-template.js';
import { TemplateAssignee } from './template-assignee.js';
import { TemplateRepository } from './template.repository.js';
import { Templates } from './templates.js';
import { TemplatesHttp } from './templates.http.js';
import { TemplatesNats } from './templates.nats.js';

export const templates: Feature = {
  controllers: [TemplatesHttp, TemplatesNats],
  providers: [TemplateRepository, TemplateAssignee, FillFromTemplate, Templates],
};
