import { startService } from '#shared/service/start-service.js';
import { coreService } from './core.service.js';

await startService(coreService);
