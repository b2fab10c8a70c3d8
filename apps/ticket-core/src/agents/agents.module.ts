import { APP_GUARD } from '@nestjs/core';
import type { Feature } from '../feature.js';
import { ActorGuard } from './actor.guard.js';
import { AgentBook } from './agent-book.js';
import { AgentRepository } from './agent.repository.js';
import { AgentsHttp } from './agents.http.js';
import { AgentsNats } from './agents.nats.js';
import { KeepAgents } from './keep-agents.js';
import { KnownActors } from './known-actors.js';
import { ReadAgents } from './read-agents.js';

export const agents: Feature = {
  controllers: [AgentsHttp, AgentsNats],
  providers: [
    AgentRepository,
    AgentBook,
    ReadAgents,
    KeepAgents,
    KnownActors,
    { provide: APP_GUARD, useClass: ActorGuard },
  ],
};
