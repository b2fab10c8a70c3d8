// Writes docs/events.md from the event contracts: `npm run -s docs:events`. test/event-catalogue.spec.ts fails when it is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type DeskEvent, EVENT_STREAM, eventEnvelope, eventSubject } from '#shared/contracts/event.js';
import { EVENTS } from '#shared/contracts/events.js';

const root = join(import.meta.dirname, '..');
export const CATALOGUE = join(root, 'docs/events.md');

/** What zod says of a field as JSON Schema; only the parts that the catalogue shows. */
interface Field {
  type?: string | string[];
  format?: string;
  enum?: string[];
  items?: Field;
  anyOf?: Field[];
  properties?: Record<string, Field>;
  exclusiveMinimum?: number;
}

interface Consumer {
  file: string;
  durable: string;
}

/** The whole page. `consumersOf` tells who listens to an event. */
export function eventCatalogue(events: readonly DeskEvent[], consumersOf: (event: DeskEvent) => Consumer[]): string {
  const envelope = fieldsOf(eventEnvelope);
  return `# Events

Written by \`npm run -s docs:events\` from \`libs/shared/src/contracts/events.ts\`. Do not edit it by hand.

Events travel on the JetStream stream \`${EVENT_STREAM}\`, subject \`${eventSubject('<noun>.<verb>', '<orgId>')}\`.
They are delivered at least once. \`id\` is the same on each delivery. An event carries ids and what changed; a consumer that
needs the present state asks ticket-core. The version of an event rises when a field changes its meaning or goes away.

## Envelope

${table(envelope)}

${events.map((event) => section(event, consumersOf(event))).join('\n\n')}
`;
}

function section(event: DeskEvent, consumers: readonly Consumer[]): string {
  const heard = consumers.map(({ file, durable }) => `- \`${durable}\` (${file})`).join('\n');
  return `## ${event.name}

${event.when} Version ${event.version}, subject \`${eventSubject(event.name, '<orgId>')}\`.

${table(fieldsOf(event.payload))}

${heard ? `Consumers:\n\n${heard}` : 'No consumer yet.'}`;
}

function fieldsOf(schema: z.ZodType): Record<string, Field> {
  return (z.toJSONSchema(schema) as Field).properties ?? {};
}

function table(fields: Record<string, Field>): string {
  const rows = Object.entries(fields).map(([name, field]) => `| \`${name}\` | ${typeOf(field)} |`);
  return ['| field | type |', '|---|---|', ...rows].join('\n');
}

function typeOf(field: Field): string {
  if (field.anyOf) return field.anyOf.map(typeOf).join(' or ');
  if (field.enum) return field.enum.map((value) => `\`${value}\``).join(' / ');
  if (field.type === 'array') return `list of ${typeOf(field.items ?? {})}`;
  if (field.properties) {
    const inner = Object.entries(field.properties).map(([name, one]) => `${name}: ${typeOf(one)}`);
    return `{ ${inner.join('; ')} }`;
  }
  if (field.format === 'date-time') return 'instant (ISO 8601, UTC)';
  if (field.type === 'integer') return field.exclusiveMinimum === 0 ? 'integer above 0' : 'integer';
  if (Array.isArray(field.type)) return field.type.join(' or ');
  return field.format ?? field.type ?? 'any JSON';
}

/** Consumer files are named `<do-this>-on-<event>.ts` (CONTRIBUTING.md), so the tree knows them. */
export function consumersInTree(event: DeskEvent): Consumer[] {
  const ending = `-on-${event.name.replaceAll('.', '-')}.ts`;
  return readdirSync(join(root, 'apps'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending) && !path.includes('node_modules'))
    .map((path) => `apps/${path.replaceAll('\\', '/')}`)
    .sort()
    .map((file) => ({ file, durable: durableIn(file) }));
}

function durableIn(file: string): string {
  const durable = /durable: '([^']+)'/.exec(readFileSync(join(root, file), 'utf8'))?.[1];
  if (!durable) throw new Error(`${file} is named as a consumer and has no @OnEvent with a durable name`);
  return durable;
}

export const currentCatalogue = (): string => eventCatalogue(EVENTS, consumersInTree);

if (process.argv[1] === import.meta.filename) writeFileSync(CATALOGUE, currentCatalogue());
