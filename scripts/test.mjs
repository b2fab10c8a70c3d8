// `npm test`: all set-up, then every check, in order. Nothing is skipped when one fails; the last line sums up.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale, environment, root, seconds, setUp } from './setup.mjs';

setUp({ build: false });

const work = mkdtempSync(join(tmpdir(), 'deskwire-tests-'));
// Which statements the integration tests run; what is said of all of them follows.
const statements = join(work, 'statements');
mkdirSync(statements);
const sum = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

/** A check that passes or fails as a whole: counts as one. */
function check(title, script) {
  heading(title);
  const startedAt = Date.now();
  const { status } = run('npm', ['run', '-s', script]);
  count(title, { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 }, startedAt);
}

/** A project of Jest's: counts as many as it ran. */
function jest(title, project, ...options) {
  heading(title);
  const startedAt = Date.now();
  const outputFile = join(work, `${project}.json`);
  const { status } = run('jest', ['--selectProjects', project, '--json', `--outputFile=${outputFile}`, ...options], {
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    STATEMENTS_FOLDER: statements,
  });
  count(title, readJest(outputFile, status), startedAt);
}

/** A file that could not run at all, and a run that ended without a word, each count as one failure. */
function readJest(outputFile, status) {
  if (!existsSync(outputFile)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(outputFile, 'utf8'));
  const numbers = {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
  if (status !== 0 && numbers.failed === 0) numbers.failed = 1;
  return numbers;
}

function build() {
  const startedAt = Date.now();
  let failed = 0;
  try {
    buildIfStale();
  } catch (error) {
    console.log(error.message);
    failed = 1;
  }
  count('Build', { passed: 1 - failed, failed, skipped: 0 }, startedAt);
}

function run(command, args, extra = {}) {
  // Jest's JSON goes to a file; what people read is on standard error.
  const stdio = ['ignore', command === 'jest' ? 'ignore' : 'inherit', 'inherit'];
  return spawnSync(command, args, { cwd: root, stdio, env: environment(extra) });
}

function heading(title) {
  console.log(`\n== ${title}`);
}

function count(title, { passed, failed, skipped }, startedAt) {
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
  if (failed > 0) failures.push(`${title} (${failed})`);
  console.log(`${title}: ${summary({ passed, failed, skipped })} in ${seconds(startedAt)}`);
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

const startedAt = Date.now();
try {
  check('Types', 'typecheck');
  check('Lint', 'lint');
  check('Boundaries', 'boundaries');
  heading('Build');
  build();
  jest('Unit tests', 'unit');
  jest('Integration tests', 'integration', '--maxWorkers=2');
  jest('Statements', 'statements');
  // They wait for clocks and processes more than they work.
  jest('Flows', 'flows', '--maxWorkers=2');
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`\nAll checks took ${seconds(startedAt)}.`);
if (failures.length > 0) console.log(`Failed: ${failures.join(', ')}`);
console.log(summary(sum));
process.exitCode = sum.failed > 0 ? 1 : 0;
