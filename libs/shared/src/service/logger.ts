import { trace } from '@opentelemetry/api';
import { pino, type Logger } from 'pino';

/** Structured logs, one JSON object a line, each with the trace it belongs to. */
export const createLogger = (service: string, level: string): Logger =>
  pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['*.authorization', '*.token', '*.password', '*.apiKey'], censor: '[hidden]' },
    mixin: () => {
      const span = trace.getActiveSpan()?.spanContext();
      return span ? { traceId: span.traceId } : {};
    },
  });
