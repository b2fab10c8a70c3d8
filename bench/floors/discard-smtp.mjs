// smtp-server that discards: the floor of accepting mail. The same settings as ours, without its 100 ms before the greeting.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = process.argv[2];
const { PromptServer } = await import(
  pathToFileURL(join(root, 'dist/apps/mail-intake/src/receiving/prompt-server.js')).href
);
const server = new PromptServer({
  size: 30 * 1024 * 1024,
  rejectOversized: true,
  disableReverseLookup: true,
  lenientAddressParsing: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  logger: false,
  onData(stream, _session, done) {
    stream.on('end', () => done(null, 'OK')).resume();
  },
});
server.on('error', () => {}); // a client that went away
server.listen(0, '127.0.0.1', () => process.send({ port: server.server.address().port }));
process.on('disconnect', () => process.exit());
