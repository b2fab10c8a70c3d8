import type { ErrorCode } from '#shared/errors/error-codes.js';
import type { ContractClient } from '#shared/messaging/contract-client.js';
import { CliProblem } from '../desk/problem.js';
import { readBusConfig } from './config.js';

const EXIT_CODES: Partial<Record<ErrorCode, CliProblem['exitCode']>> = {
  BAD_REQUEST: 2,
  UNAUTHORIZED: 3,
  FORBIDDEN: 3,
  NOT_FOUND: 4,
  CONFLICT: 5,
  UNPROCESSABLE: 5,
  UNAVAILABLE: 6,
  TIMEOUT: 6,
};

/** For whoever runs the desk: over NATS, since no key of an organisation opens this. Refusals are a CliProblem. */
export async function withCore<Answer>(work: (core: ContractClient) => Promise<Answer>): Promise<Answer> {
  const [{ connect }, { ContractClient }, { readNatsUrl }, { DeskError }] = await Promise.all([
    import('@nats-io/transport-node'),
    import('#shared/messaging/contract-client.js'),
    import('#shared/messaging/connect-nats.js'),
    import('#shared/errors/desk-error.js'),
  ]);
  const nats = await connect({ ...readNatsUrl(await readBusConfig()), name: 'deskwire-cli', timeout: 3_000 }).catch(
    (error: Error) => {
      throw new CliProblem(`NATS cannot be reached (${error.message})`, 6);
    },
  );
  try {
    return await work(new ContractClient(nats));
  } catch (error) {
    if (error instanceof DeskError) throw new CliProblem(error.message, EXIT_CODES[error.code] ?? 1);
    throw error;
  } finally {
    await nats.drain();
  }
}
