import { startService } from '#shared/service/start-service.js';
import { readMonitorConfig } from './config.js';
import { MonitorModule } from './monitor.module.js';

await startService({
  name: 'sla-monitor',
  readConfig: readMonitorConfig,
  httpPort: (config) => config.SLA_HTTP_PORT,
  module: (config, parts) => MonitorModule.with(config, parts),
});
