import { describe, expect, it } from '@jest/globals';
import { jsonEnvelope } from './json-envelope.js';

const read = (value: unknown) => jsonEnvelope.input.deserialize(value);

describe('the envelope of tRPC', () => {
  it('is put around what goes out', () => {
    expect(jsonEnvelope.output.serialize([1])).toEqual({ json: [1] });
  });

  it('is taken off what comes in, and need not be there', () => {
    expect(read({ json: { ticketId: 'x' } })).toEqual({ ticketId: 'x' });
    expect(read({ json: { ticketId: 'x' }, meta: { values: {} } })).toEqual({ ticketId: 'x' });
    expect(read({ ticketId: 'x' })).toEqual({ ticketId: 'x' });
    expect(read(undefined)).toBeUndefined();
    expect(read({ json: null })).toBeUndefined();
  });

  it('is not seen in an input that has such a field beside others, nor in a list', () => {
    expect(read({ json: 1, name: 'x' })).toEqual({ json: 1, name: 'x' });
    expect(read([{ json: 1 }])).toEqual([{ json: 1 }]);
  });
});
