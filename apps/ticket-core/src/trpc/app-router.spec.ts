import { describe, expect, it } from '@jest/globals';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { AREAS } from '#shared/contracts/api-keys.js';
import { type AppRouter, buildAppRouter, type UseCases } from './app-router.js';

const ID = '0190a000-0000-7000-8000-000000000001';

// What a typed client may send, with the names of the document; tsc checks it.
const slaInputs: { [Name in keyof inferRouterInputs<AppRouter>['sla']]: inferRouterInputs<AppRouter>['sla'][Name] } = {
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
type TicketInputs = inferRouterInputs<AppRouter>['tickets'];
const ticketInputs: Partial<TicketInputs> = {
  list: { status: ['open', 'waiting'], limit: 10 },
  create: { subject: 'Login broken', priority: 'critical' },
  update: { ticket: 42, status: 'resolved', assignee: 'alice', version: 3 },
};
type Outputs = inferRouterOutputs<AppRouter>;
const remainingOf = (view: Outputs['sla']['getTracking']): number | null => view.timeRemaining.firstResponse;
const numberOf = (view: Outputs['tickets']['get']): number => view.number;

const nothing = (): { cases: UseCases; reached: string[] } => {
  const reached: string[] = [];
  const trap: unknown = new Proxy({}, { get: (_, name) => () => reached.push(String(name)) });
  const cases = new Proxy({}, { get: () => new Proxy({}, { get: () => trap }) }) as UseCases;
  return { cases, reached };
};

describe('the router', () => {
  it('has the document’s eight procedures, and none of them is for nobody', async () => {
    const { cases, reached } = nothing();
    const router = buildAppRouter(cases);
    expect(Object.keys(router.sla)).toEqual(Object.keys(slaInputs));
    const caller = router.createCaller({ holder: null });
    for (const [group, inputs] of [
      ['sla', slaInputs],
      ['tickets', ticketInputs],
    ] as const) {
      for (const [name, input] of Object.entries(inputs)) {
        const call = (caller[group] as unknown as Record<string, (input: unknown) => Promise<unknown>>)[name]!;
        await expect(call(input)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
      }
    }
    expect(reached).toEqual([]);
  });

  it('has no procedure outside of the areas that keys are scoped by', () => {
    const { _def: _, createCaller: __, ...groups } = buildAppRouter(nothing().cases);
    expect(Object.keys(groups)).toContain('tickets');
    expect(Object.keys(groups).filter((name) => !(AREAS as readonly string[]).includes(name))).toEqual([]);
  });

  it('gives typed clients what the documents show', () => {
    expect(remainingOf({ timeRemaining: { firstResponse: 1 } } as never)).toBe(1);
    expect(numberOf({ number: 42 } as never)).toBe(42);
  });
});
