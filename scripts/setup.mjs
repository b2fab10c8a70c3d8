// The set-up that `npm start`, `npm test` and `npx deskwire` share. Runs on Node >= 20.19 with nothing installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Node 24, from the package `node`: the services need it whatever the machine has. */
export const node24 = join(root, 'node_modules/.bin/node');

const installStamp = join(root, 'node_modules/.deskwire-installed');
const buildStamp = join(root, 'dist/.deskwire-built');
const say = (line) => process.stderr.write(`${line}\n`);

class SetUpProblem extends Error {}

/** Installs and builds if something is missing or changed. Ends the process with a sentence when it cannot. */
export function setUp({ build = true } = {}) {
  try {
    refuseOldNode();
    install();
    if (build) buildIfStale();
  } catch (error) {
    say(`\n${error instanceof SetUpProblem ? error.message : error.stack}`);
    process.exit(1);
  }
}

/** What a child of ours runs with: Node 24 first on PATH. */
export function environment(extra = {}) {
  return { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`, ...extra };
}

/** Runs a program of ours to its end, as if it were this process: signals and exit code pass through. */
export function become(command, args, env = environment()) {
  const child = spawn(command, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm hands a signal only to the shell between us, which ends without a word: its end is then our signal.
  const parent = process.ppid;
  if (process.env.npm_command !== undefined) {
    setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 250).unref();
  }
  child.on('error', (error) => {
    say(`${command} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  giveUp(`Deskwire needs Node 20.19 or later to set itself up; this is ${process.versions.node}.`);
}

function install() {
  const wanted = hashOf([join(root, 'package-lock.json')]);
  if (existsSync(node24) && existsSync(installStamp) && readFileSync(installStamp, 'utf8') === wanted) return;
  // An install by hand is as good as ours: npm leaves its own record of what it put there.
  if (existsSync(node24) && !existsSync(installStamp) && npmRecordIsCurrent())
    return writeFileSync(installStamp, wanted);
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    giveUp(
      'node_modules is a link, and npm ci would empty the folder that it leads to: remove the link, or install there.',
    );
  say('Installing packages (npm ci); the first time this takes about a minute …');
  const startedAt = Date.now();
  // The test's or the caller's NODE_OPTIONS are not for npm, and production mode would leave the build tools out.
  const env = { ...process.env, NODE_OPTIONS: '', NODE_ENV: '' };
  const npm = (command) => {
    const options = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    const done = spawnSync('npm', [...command, ...options], { cwd: root, stdio: ['ignore', 2, 2], env });
    if (done.error) giveUp(`npm cannot be started (${done.error.message}): install npm, it comes with Node.`);
    return done.status === 0;
  };
  if (!npm(['ci'])) {
    // A registry mirror that lacks packages of other platforms makes npm leave them out of the lock, and then refuse it.
    say('npm ci did not work (scripts/complete-lock.mjs mends a lock that is not whole); trying npm install …');
    if (!npm(['install', '--no-save'])) {
      giveUp(
        'The packages could not be installed; npm says why above. Most often there is no network, the disk is full, or ' +
          `${root} is not yours to write to. Then run the same command again.`,
      );
    }
  }
  if (!existsSync(node24) || spawnSync(node24, ['--version']).status !== 0) {
    giveUp(
      'The package `node` (Node 24) did not install its program: npm must be allowed to run its install script ' +
        '(package.json "allowScripts"; is ignore-scripts set in your .npmrc?).',
    );
  }
  writeFileSync(installStamp, wanted);
  say(`Installed in ${seconds(startedAt)}.`);
}

/** True when node_modules was installed after the last change of package-lock.json. */
function npmRecordIsCurrent() {
  const record = join(root, 'node_modules/.package-lock.json');
  return existsSync(record) && statSync(record).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** Throws with a sentence when the build fails. */
export function buildIfStale() {
  const wanted = sourcesState();
  if (existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === wanted) return;
  say('Building …');
  const startedAt = Date.now();
  const done = spawnSync('npm', ['run', '-s', 'build'], { cwd: root, stdio: ['ignore', 2, 2], env: environment() });
  if (done.status !== 0) giveUp('The build failed; the reason is above.');
  writeFileSync(buildStamp, wanted);
  say(`Built in ${seconds(startedAt)}.`);
}

/** Changes whenever a source does: path, size and time of each file that the build reads (some 10 ms). */
function sourcesState() {
  const hash = createHash('sha256');
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (!/\.spec\.tsx?$/.test(entry.name)) {
        const { size, mtimeMs } = statSync(path);
        hash.update(`${path}\0${size}\0${mtimeMs}\n`);
      }
    }
  };
  for (const folder of ['apps', 'libs']) visit(join(root, folder));
  hash.update(hashOf([join(root, 'package.json'), join(root, '.swcrc')]));
  return hash.digest('hex');
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest('hex');
}

export function seconds(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}

function giveUp(sentence) {
  throw new SetUpProblem(sentence);
}
