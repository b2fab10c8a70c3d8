/** After every id: a first page begins before it as the others begin before their cursor, and Postgres plans them alike. */
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
