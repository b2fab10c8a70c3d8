import type { FastifyRequest } from 'fastify';

/** The cookie of a session. There is no log-in yet: its value is an API key. */
export const SESSION_COOKIE = 'deskwire_session';

type Headers = Pick<FastifyRequest['headers'], 'authorization' | 'cookie'>;

/** The API key that a request bears: `Authorization: Bearer dw_…` (RFC 6750), else the session cookie (RFC 6265 4.2). */
export function apiKeyOf({ authorization, cookie }: Headers): string | null {
  const [, bearer] = /^Bearer +(\S{8,200})$/i.exec(authorization ?? '') ?? [];
  if (bearer) return bearer;
  if (authorization) return null;
  for (const pair of (cookie ?? '').split(';')) {
    const [name, ...value] = pair.trim().split('=');
    const text = value.join('=').replace(/^"(.*)"$/, '$1');
    if (name === SESSION_COOKIE && /^\S{8,200}$/.test(text)) return text;
  }
  return null;
}
