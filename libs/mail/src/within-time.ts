import { createContext, Script } from 'node:vm';

const context = createContext({});
const script = new Script('work()');

/**
 * What `work` makes, or null when it takes longer than that: it is stopped where it stands, in a regular expression too.
 * For what is quadratic on words that somebody chose: a service that does one thing at a time must not stand still for it.
 */
export function withinTime<T>(limitMs: number, work: () => T): T | null {
  context['work'] = work;
  try {
    return script.runInContext(context, { timeout: limitMs }) as T;
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return null;
    throw error;
  } finally {
    delete context['work'];
  }
}
