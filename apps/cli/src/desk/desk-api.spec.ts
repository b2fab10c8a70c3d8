import { describe, expect, it } from '@jest/globals';
import { refusal } from './desk-api.js';

const problem = (code: string, detail: string, errors?: unknown) => JSON.stringify({ code, detail, errors });

describe('what the desk refused', () => {
  it.each([
    [400, 2],
    [401, 3],
    [403, 3],
    [404, 4],
    [409, 5],
    [422, 5],
    [413, 2],
    [429, 6],
    [503, 6],
  ])('%d ends with %d', (status, exitCode) =>
    expect(refusal(status, problem('X', 'why'))).toMatchObject({ exitCode, message: 'why (X)' }),
  );

  it('names each field once', () => {
    const errors = [
      { pointer: '/subject', message: 'must not be empty' },
      { pointer: '/customFields/plan', message: 'must be one of a, b' },
    ];
    const text = refusal(400, problem('BAD_REQUEST', 'subject: must not be empty', errors)).message;
    expect(text).toBe('subject: must not be empty (BAD_REQUEST)\n  customFields.plan: must be one of a, b');
  });

  it('does not pretend to understand a proxy’s page', () => {
    expect(refusal(502, '<html>Bad gateway</html>')).toMatchObject({ exitCode: 6, message: /answered 502/ });
  });
});
