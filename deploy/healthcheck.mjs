// Exit code 0 when the service in this container can do its work. A container runs one service, on one of these ports;
// other ports are given as arguments.
const ports = process.argv.length > 2 ? process.argv.slice(2) : [3000, 3001, 3003, 3004];

const isReady = async (port) => {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4_000) });
  return answer.ok;
};
const answers = await Promise.allSettled(ports.map(isReady));
process.exit(answers.some(({ value }) => value === true) ? 0 : 1);
