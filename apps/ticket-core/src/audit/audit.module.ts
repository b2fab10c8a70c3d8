import type { Feature } from '../feature.js';
import { AuditHttp } from './audit.http.js';
import { AuditLog } from './audit-log.js';
import { AuditRepository } from './audit.repository.js';
import { ReadAudit } from './read-audit.js';

export const audit: Feature = { controllers: [AuditHttp], providers: [AuditRepository, AuditLog, ReadAudit] };
