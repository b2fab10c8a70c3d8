import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';
import type { AppRouter } from './app-router.js';
import { jsonEnvelope } from './json-envelope.js';

export type DeskClient = TRPCClient<AppRouter>;

/**
 * A typed client of the desk, for programs: `deskClient({ url, apiKey }).tickets.list.query({ status: ['open'] })`.
 * What is refused is thrown as TRPCClientError; `error.data.problems` names the fields (JSON pointers, RFC 6901).
 */
export const deskClient = ({ url, apiKey }: { url: string; apiKey: string }): DeskClient =>
  createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${url.replace(/\/+$/, '')}/api/trpc`,
        headers: { authorization: `Bearer ${apiKey}` },
        transformer: jsonEnvelope,
      }),
    ],
  });
