// After the integration tests: what start-servers.mjs started ends, and its folder goes.
import { rm } from 'node:fs/promises';

export default async function stopServers() {
  const { folder, servers } = globalThis.deskwireTestServers ?? { servers: [] };
  await Promise.all(servers.map(async (server) => server.stop()));
  if (folder) await rm(folder, { recursive: true, force: true });
}
