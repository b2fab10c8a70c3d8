/** A ticket as people name it, in the API's address: `42`, `#42` or its id. */
export const ticketPath = (ref: string): string => `/tickets/${encodeURIComponent(ref.replace(/^#/, ''))}`;

/** As people read it: a number with its sign. */
export const ticketName = (ref: string): string => (/^#?\d+$/.test(ref) ? `#${ref.replace('#', '')}` : ref);
