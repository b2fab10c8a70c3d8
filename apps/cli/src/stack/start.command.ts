import type { Command } from 'commander';
import type { Stack } from './run-stack.js';
import { StackProblem } from './stack-problem.js';

/** `deskwire start`: runs until it is asked to stop. Exit code 0 after a stop, 1 when it could not start. */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('start the whole desk on this machine: Postgres, NATS, every service and the playground')
    .option('--verbose', 'show every line of every service, not only warnings and errors', false)
    .action(async (options: { verbose: boolean }) => {
      process.exitCode = await start(options.verbose);
    });
}

async function start(verbose: boolean): Promise<number> {
  // Loaded here: other commands start faster without the servers' clients.
  const [{ readStackConfig }, { makeRoom }, { Stack }, { StackConsole }] = await Promise.all([
    import('./config.js'),
    import('./make-room.js'),
    import('./run-stack.js'),
    import('./stack-console.js'),
  ]);
  const console = new StackConsole(process.stdout, process.stdout.isTTY);
  let stop = (): void => {};
  const asked = new Promise<void>((resolve) => (stop = resolve));
  // More than one may arrive (the terminal's and npm's); the first is enough.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop());

  let stack: Stack | null = null;
  try {
    stack = new Stack({ config: await makeRoom(readStackConfig()), console, verbose });
    const stopping = asked.then(async () => stack?.stop());
    await stack.start();
    await stopping;
    return 0;
  } catch (error) {
    process.stderr.write(
      `\nDeskwire could not start.\n${error instanceof StackProblem ? error.message : String(error)}\n`,
    );
    return 1;
  } finally {
    await stack?.stop();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeAllListeners(signal);
  }
}
