import { readFile, readdir } from 'node:fs/promises';

/** Hertz of the times in /proc/PID/stat; 100 on every Linux that Node runs on. */
const TICKS = 100;

/** A process and all that descend from it, with the name each has in our stack. Linux only: it reads /proc. */
export async function familyOf(root) {
  const parents = new Map();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const status = await readFile(`/proc/${entry}/status`, 'utf8').catch(() => '');
    parents.set(Number(entry), Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]));
  }
  const pids = [root];
  for (const one of pids) for (const [pid, parent] of parents) if (parent === one) pids.push(pid);
  const family = await Promise.all(pids.map(async (pid) => ({ pid, name: await nameOf(pid) })));
  return family.filter(({ name }) => name !== null);
}

/** CPU time that each part of the stack has used so far, in milliseconds by name; null where there is no /proc. */
export async function cpuTimes(root) {
  if (process.platform !== 'linux') return null;
  const times = {};
  for (const { pid, name } of await familyOf(root)) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const [utime, stime] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    times[name] = (times[name] ?? 0) + ((utime + stime) * 1000) / TICKS;
  }
  return times;
}

/** What `work` cost in CPU time, by part of the stack and divided by `count`: it tells more than a rate on a busy machine. */
export async function cpuOf(stack, count, work) {
  const before = await cpuTimes(stack.child.pid);
  const result = await work();
  const after = await cpuTimes(stack.child.pid);
  if (!before || !after) return { result, cpu: null };
  const spent = Object.entries(after).map(([name, ms]) => [
    name,
    Number(((ms - (before[name] ?? 0)) / count).toFixed(3)),
  ]);
  return { result, cpu: Object.fromEntries(spent.filter(([, ms]) => ms >= 0.01)) };
}

async function nameOf(pid) {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  if (!command) return null;
  const script = /apps\/([\w-]+)\/src\/main\.js/.exec(command)?.[1];
  if (script) return script;
  return command.includes('postgres') ? 'postgres' : command.split(/[\0 ]/)[0].split('/').at(-1);
}
