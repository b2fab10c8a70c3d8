import { CliProblem } from '../desk/problem.js';
import { isId } from '../desk/who-is-meant.js';

/** A ticket as people name it, in the API's address: `42`, `#42` or its id. Nothing else may end up in an address. */
export function ticketPath(ref: string): string {
  const named = ref.replace(/^#/, '');
  if (/^\d+$/.test(named) || isId(named)) return `/tickets/${named}`;
  throw new CliProblem(`“${ref}” is no ticket: give its number, such as 42, or its id`, 2);
}

/** As people read it: a number with its sign. */
export const ticketName = (ref: string): string => (/^#?\d+$/.test(ref) ? `#${ref.replace('#', '')}` : ref);
