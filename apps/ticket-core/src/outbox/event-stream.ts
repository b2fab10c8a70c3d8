import { jetstreamManager, JetStreamApiError, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EVENT_STREAM, EVENT_SUBJECTS } from '#shared/contracts/event.js';

const MINUTE_NS = 60 * 1e9;

const CONFIG = {
  subjects: [EVENT_SUBJECTS],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  max_age: 7 * 24 * 60 * MINUTE_NS,
  /** Longer than what the relay publishes again at its start, so that none of it arrives twice. */
  duplicate_window: 10 * MINUTE_NS,
};

/** The event stream as we need it. What the server answers is compared: an old server ignores what it does not know (facts.md). */
export async function ensureEventStream(nats: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(nats);
  try {
    await manager.streams.add({ name: EVENT_STREAM, ...CONFIG });
  } catch (error) {
    // It is there with other settings: bring it up to ours.
    if (!(error instanceof JetStreamApiError)) throw error;
    await manager.streams.update(EVENT_STREAM, CONFIG);
  }
  const { config } = await manager.streams.info(EVENT_STREAM);
  for (const key of ['retention', 'storage', 'max_age', 'duplicate_window'] as const) {
    if (config[key] !== CONFIG[key]) {
      throw new Error(`NATS keeps ${key} = ${String(config[key])} for ${EVENT_STREAM}, not ${String(CONFIG[key])}`);
    }
  }
}
