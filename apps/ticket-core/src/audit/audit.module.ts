import type { Feature } from '../feature.js';
import { AuditLog } from './audit-log.js';
import { AuditRepository } from './audit.repository.js';

export const audit: Feature = { controllers: [], providers: [AuditRepository, AuditLog] };
