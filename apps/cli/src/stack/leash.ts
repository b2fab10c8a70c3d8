import { isMainThread } from 'node:worker_threads';

// Loaded into every service before its own code (`node --import`). Its standard input is a pipe that the supervisor holds
// and never writes to: it ends when the supervisor is gone, even by SIGKILL, and then the service leaves as if asked to.
// Worker threads load it too, with an input of their own that has ended from the start.
if (isMainThread) {
  process.stdin.on('error', () => {});
  process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.resume();
  // A service that has nothing else to do may end.
  if ('unref' in process.stdin && typeof process.stdin.unref === 'function') process.stdin.unref();
}
