import { z } from 'zod';
import '../errors/plain-words.js';

/** Variables that every service has. */
export const serviceVariables = {
  /** NATS, with user and password where it asks for them. */
  NATS_URL: z.string().min(1).default('nats://127.0.0.1:4299'),
  /** The address to listen on: this machine only, unless told otherwise. */
  LISTEN_HOST: z.string().min(1).default('127.0.0.1'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Where traces go (OTLP over HTTP); none are exported without it. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
};

export const port = (fallback: number) =>
  z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535).default(fallback);

/** Parses a service's environment once at start. A bad value stops the start and names the variable. */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: NodeJS.ProcessEnv,
): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`The environment has values that cannot be used:\n${lines.join('\n')}`);
}
