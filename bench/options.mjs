import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const COUNTS = {
  /** Mails of one accept round; the floor, which is faster, gets three times as many. */
  accepts: '8000',
  /** Mails of one filing round. */
  mails: '2500',
  /** Mails, one after another, of the way from wire to card. */
  cards: '100',
  /** Seconds of one round of POST /tickets. */
  seconds: '4',
  events: '50000',
  /** Tickets of the large organisation. */
  tickets: '1000000',
  /** Small organisations beside it. */
  'small-organisations': '1000',
  /** Running clocks among which 100 are due. */
  clocks: '1000000',
  /** A B A B … */
  rounds: '3',
  'limit-seconds': '600',
};

/** Reads the command line; ends the process with a sentence when it makes no sense. */
export function readOptions(args, rows) {
  const options = Object.fromEntries(
    Object.entries(COUNTS).map(([name, standard]) => [name, { type: 'string', default: standard }]),
  );
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...options,
        only: { type: 'string' },
        root: { type: 'string', default: dirname(import.meta.dirname) },
        profile: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) leave(0, usage(rows));
    // `reading` fills a million tickets with five million messages first, so it runs when it is asked for.
    const only = values.only?.split(',') ?? rows.filter((row) => row !== 'reading');
    const unknown = only.filter((name) => !rows.includes(name));
    if (unknown.length > 0) throw new Error(`--only ${unknown.join(',')}: must be of ${rows.join(', ')}`);
    const counts = Object.entries(COUNTS).map(([name]) => {
      const count = Number(values[name]);
      if (!Number.isInteger(count) || count < 1) throw new Error(`--${name}: must be a whole number of at least 1`);
      return [name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()), count];
    });
    const profile = values.profile && resolve(values.profile);
    return {
      only: rows.filter((row) => only.includes(row)),
      root: resolve(values.root),
      profile,
      ...Object.fromEntries(counts),
    };
  } catch (error) {
    return leave(2, `${error.message}\n${usage(rows)}`);
  }
}

function usage(rows) {
  const counts = Object.entries(COUNTS).map(([name, standard]) => `  --${name} ${standard}`);
  return `npm run bench -- [--only ${rows.join(',')}] and, with their defaults:\n${counts.join('\n')}
  --profile FOLDER   writes a CPU profile of each service there
  --root FOLDER      where the built dist/ is`;
}

function leave(code, text) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}
