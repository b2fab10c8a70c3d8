import type { Command } from 'commander';
import { deskCommand, withCommonOptions } from '../desk/desk-command.js';
import { agentIdOf, teamNamed } from '../desk/who-is-meant.js';

/** `deskwire team add-member|remove-member`. */
export function addTeamMembers(team: Command): void {
  for (const [verb, method, about, done] of [
    ['add-member', 'PUT', 'put agents into a team', 'is in'],
    ['remove-member', 'DELETE', 'take agents out of a team', 'is no more in'],
  ] as const) {
    const command = deskCommand(team, verb, about, async (desk, [name, ...agents]) => {
      const { id, name: called } = await teamNamed(desk.api, name!);
      for (const agent of agents) {
        const answer = await desk.api.json(method, `/teams/${id}/members/${await agentIdOf(desk.api, agent)}`);
        await desk.out.one(answer, () => `${agent} ${done} ${called}.`);
      }
    });
    withCommonOptions(
      command.argument('<team>', 'name, handle or id').argument('<agent...>', 'name, e-mail address or id'),
    );
  }
}
