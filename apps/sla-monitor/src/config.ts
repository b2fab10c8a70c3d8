import { z } from 'zod';
import { port, readConfig, serviceVariables } from '#shared/service/read-config.js';

export const monitorVariables = {
  ...serviceVariables,
  /** Health and metrics. */
  SLA_HTTP_PORT: port(3004),
  /** How often to look even when nobody says that a clock has changed. */
  SLA_LOOK_EVERY_SECONDS: z.coerce.number().min(0.1).max(60).default(5),
};

export const readMonitorConfig = () => readConfig(monitorVariables, process.env);
export type MonitorConfig = ReturnType<typeof readMonitorConfig>;
