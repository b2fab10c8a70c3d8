// Adds to package-lock.json the optional packages of other platforms that a registry mirror did not offer when the lock
// was written: without them `npm ci` refuses the lock everywhere. Run it after `npm install`; it changes nothing else.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const SYSTEMS = { windows: 'win32' };
const NAME =
  /(android|darwin|freebsd|linux|openharmony|win32|windows)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64)/;

const path = process.argv[2] ?? join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = [];
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const platform = NAME.exec(name);
    if (lock.packages[place] || !platform || !/^\d/.test(version)) continue;
    const system = SYSTEMS[platform[1]] ?? platform[1];
    const libc =
      system !== 'linux' ? undefined : /musl/.test(name) ? ['musl'] : /gnu/.test(name) ? ['glibc'] : undefined;
    lock.packages[place] = {
      version,
      cpu: [platform[2]],
      ...(entry.dev ? { dev: true } : {}),
      ...(libc ? { libc } : {}),
      optional: true,
      os: [system],
    };
    added.push(name);
  }
}
if (added.length > 0) {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(added.length > 0 ? `Added ${added.length}: ${added.join(', ')}` : 'The lock is whole.');
