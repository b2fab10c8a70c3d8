import { describe, expect, it } from '@jest/globals';
import { apiKeyOf, isForeignPage, surfaceOf } from './session.js';

describe('who a request is from', () => {
  it('reads it from a cookie that is just called session, or not at all', () => {
    expect(apiKeyOf({ cookie: 'session=dw_acme_1234=' })).toBe('dw_acme_1234=');
    expect(apiKeyOf({ cookie: 'dw_acme_1234=' })).toBe('dw_acme_1234=');
    expect(apiKeyOf({ cookie: 'session=dw_acme_5678; deskwire_session=dw_acme_1234' })).toBe('dw_acme_1234');
    expect(apiKeyOf({ cookie: 'theme=dw_acme_1234' })).toBeNull();
  });

  it('is told by a bearer key or by the session cookie', () => {
    expect(apiKeyOf({ authorization: 'Bearer dw_acme_1234' })).toBe('dw_acme_1234');
    expect(apiKeyOf({ cookie: 'theme=dark; deskwire_session=dw_acme_1234=; x=y' })).toBe('dw_acme_1234=');
    expect(apiKeyOf({ cookie: 'deskwire_session="dw_acme_1234"' })).toBe('dw_acme_1234');
  });

  it('is nobody without them, and a wrong header is not mended by a cookie', () => {
    expect(apiKeyOf({})).toBeNull();
    expect(apiKeyOf({ cookie: 'deskwire_sessions=dw_acme_1234; deskwire_session=short' })).toBeNull();
    expect(apiKeyOf({ authorization: 'Basic eDp5', cookie: 'deskwire_session=dw_acme_1234' })).toBeNull();
  });
});

describe('a request with a cookie', () => {
  const cookie = 'deskwire_session=dw_acme_1234';
  const host = 'desk.example';

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, true],
    [{ 'sec-fetch-site': 'same-site' }, true],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://behind.a.proxy' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ origin: 'https://evil.example' }, true],
    [{ origin: 'null' }, true],
    [{ origin: 'https://desk.example' }, false],
    [{}, false],
    [{ 'sec-fetch-site': 'cross-site', authorization: 'Bearer dw_acme_1234' }, false],
  ])('and %j is of another site’s page: %s', (headers, foreign) => {
    expect(isForeignPage({ cookie, host, ...headers })).toBe(foreign);
  });
});

describe('the way in', () => {
  it('is the command line for who says so, else the API', () => {
    for (const agent of ['deskwire-cli', 'deskwire-cli/1.2', 'deskwire-cli/1 node/24'])
      expect([agent, surfaceOf({ 'user-agent': agent })]).toEqual([agent, 'cli']);
    for (const agent of [undefined, 'curl/8', 'deskwire-client', 'deskwire-cli-of-mine', 'x deskwire-cli/1'])
      expect([agent, surfaceOf({ 'user-agent': agent })]).toEqual([agent, 'api']);
  });
});
