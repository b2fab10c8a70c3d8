import { getBreachedInput, type BreachedView } from '#shared/contracts/sla-breaches.js';
import { type SlaPolicyView } from '#shared/contracts/sla-policies.js';
import { pauseTrackingInput, type SlaTrackingView, ticketInput } from '#shared/contracts/sla-tracking.js';
import { policySchema } from '#sla/policy.schema.js';
import type { ChangePolicies } from '../sla/change-policies.js';
import type { GetTracking } from '../sla/get-tracking.js';
import type { ListBreaches } from '../sla/list-breaches.js';
import type { PauseTracking } from '../sla/pause-tracking.js';
import { deletePolicyInput, updatePolicyInput } from '../sla/policy-input.js';
import { policyViewOf } from '../sla/policy.view.js';
import type { ReadPolicies } from '../sla/read-policies.js';
import { procedure, router } from './desk-trpc.js';

export interface SlaUseCases {
  policies: ReadPolicies;
  changePolicies: ChangePolicies;
  tracking: GetTracking;
  pauses: PauseTracking;
  breaches: ListBreaches;
}

/** The SLA document's procedures, each one call of the use case that the REST API calls too. */
export const slaRouter = ({ policies, changePolicies, tracking, pauses, breaches }: SlaUseCases) =>
  router({
    listPolicies: procedure.query(async ({ ctx }): Promise<SlaPolicyView[]> =>
      (await policies.list(ctx.actor)).map(policyViewOf),
    ),
    createPolicy: procedure
      .input(policySchema)
      .mutation(async ({ ctx, input }): Promise<SlaPolicyView> =>
        policyViewOf(await changePolicies.create(ctx.actor, input)),
      ),
    updatePolicy: procedure
      .input(updatePolicyInput)
      .mutation(async ({ ctx, input: { id, changes } }): Promise<SlaPolicyView> =>
        policyViewOf(await changePolicies.update(ctx.actor, id, changes)),
      ),
    deletePolicy: procedure
      .input(deletePolicyInput)
      .mutation(({ ctx, input }) => changePolicies.remove(ctx.actor, input.id)),
    getTracking: procedure
      .input(ticketInput)
      .query(({ ctx, input }): Promise<SlaTrackingView> => tracking.execute(ctx.actor, input.ticketId)),
    getBreached: procedure
      .input(getBreachedInput)
      .query(({ ctx, input }): Promise<BreachedView> => breaches.execute(ctx.actor, input)),
    pauseTracking: procedure
      .input(pauseTrackingInput)
      .mutation(({ ctx, input }): Promise<SlaTrackingView> =>
        pauses.pause(ctx.actor, input.ticketId, input.reason || null),
      ),
    resumeTracking: procedure
      .input(ticketInput)
      .mutation(({ ctx, input }): Promise<SlaTrackingView> => pauses.resume(ctx.actor, input.ticketId)),
  });
