import type { FastifyRequest } from 'fastify';

/** The cookie of a session. There is no log-in yet: its value is an API key. */
export const SESSION_COOKIE = 'deskwire_session';
/** Scripts often say just `session=…`, and `curl -b dw_…` sends a cookie without a name (RFC 6265bis 5.4). */
const OTHER_NAMES = ['session', ''];

type Headers = Pick<FastifyRequest['headers'], 'authorization' | 'cookie'>;

/** The API key that a request bears: `Authorization: Bearer dw_…` (RFC 6750), else the session cookie (RFC 6265 4.2). */
export function apiKeyOf({ authorization, cookie }: Headers): string | null {
  const [, bearer] = /^Bearer +(\S{8,200})$/i.exec(authorization ?? '') ?? [];
  if (bearer) return bearer;
  if (authorization) return null;
  const cookies = cookiesOf(cookie ?? '');
  for (const name of [SESSION_COOKIE, ...OTHER_NAMES]) {
    const value = cookies.get(name);
    if (value !== undefined && /^\S{8,200}$/.test(value)) return value;
  }
  return null;
}

/**
 * Whether a page of another site sent this with a visitor's cookie: a form with a file is taken as it is, and needs no
 * leave to be sent. Browsers say so themselves (Fetch Metadata, `Sec-Fetch-Site`), old ones by `Origin`.
 */
export function isForeignPage(headers: FastifyRequest['headers']): boolean {
  const { authorization, origin, host, 'sec-fetch-site': site } = headers;
  if (authorization !== undefined) return false;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && URL.parse(origin)?.host !== host;
}

function cookiesOf(header: string): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header.split(';')) {
    const text = pair.trim();
    const end = text.indexOf('=');
    const [name, value] = end < 0 || text.startsWith('dw_') ? ['', text] : [text.slice(0, end), text.slice(end + 1)];
    if (!cookies.has(name)) cookies.set(name, value.replace(/^"(.*)"$/, '$1'));
  }
  return cookies;
}

/** The command line says who it is (RFC 9110 10.1.5); everything else by HTTP is the API. */
export const surfaceOf = (headers: Pick<FastifyRequest['headers'], 'user-agent'>): 'cli' | 'api' =>
  /^deskwire-cli(?![\w-])/.test(headers['user-agent'] ?? '') ? 'cli' : 'api';
