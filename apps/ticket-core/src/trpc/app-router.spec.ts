import { describe, expect, it } from '@jest/globals';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { type AppRouter, buildAppRouter, type UseCases } from './app-router.js';

const ID = '0190a000-0000-7000-8000-000000000001';

// What a typed client may send, with the names of the document; tsc checks it.
const inputs: { [Name in keyof inferRouterInputs<AppRouter>['sla']]: inferRouterInputs<AppRouter>['sla'][Name] } = {
  listPolicies: undefined,
  createPolicy: {
    name: 'VIP',
    conditions: [{ field: 'tags', operator: 'contains', value: 'vip' }],
    firstResponseTime: 15,
  },
  updatePolicy: { id: ID, firstResponseTime: 10 },
  deletePolicy: { id: ID },
  getTracking: { ticketId: ID },
  getBreached: { includeWarnings: true, limit: 10 },
  pauseTracking: { ticketId: ID, reason: 'Waiting' },
  resumeTracking: { ticketId: 42 },
};
const remainingOf = (view: inferRouterOutputs<AppRouter>['sla']['getTracking']): number | null =>
  view.timeRemaining.firstResponse;

describe('the router', () => {
  it('has the document’s eight procedures, and none of them is for nobody', async () => {
    const reached: string[] = [];
    const trap = new Proxy({}, { get: (_, name) => () => reached.push(String(name)) });
    const cases = { policies: trap, changePolicies: trap, tracking: trap, pauses: trap, breaches: trap } as UseCases;
    const router = buildAppRouter(cases);
    expect(Object.keys(router.sla)).toEqual(Object.keys(inputs));
    const caller = router.createCaller({ holder: null }).sla;
    for (const [name, input] of Object.entries(inputs)) {
      const call = caller[name as keyof typeof caller] as (input: unknown) => Promise<unknown>;
      await expect(call(input)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    }
    expect(reached).toEqual([]);
  });

  it('gives typed clients what the document shows', () => {
    expect(remainingOf({ timeRemaining: { firstResponse: 1 } } as never)).toBe(1);
  });
});
