// After the integration tests: what start-servers.mjs started ends, and its folder goes.
import { rm } from 'node:fs/promises';

export default async function stopServers() {
  const { folder, postgres } = globalThis.deskwireTestServers ?? {};
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
}
