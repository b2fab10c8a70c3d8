import type { Client } from 'pg';

export function prepare(client: Client): Promise<void>;
export function fillTickets(
  client: Client,
  orgId: string,
  tickets: number,
  messages: number,
  progress?: (done: number) => void,
): Promise<void>;
