import type { Feature } from '../feature.js';
import { JoinTeams } from './join-teams.js';
import { KeepTeams } from './keep-teams.js';
import { MoveOpenTickets } from './move-open-tickets.js';
import { ReadTeams } from './read-teams.js';
import { TeamBook } from './team-book.js';
import { TeamRepository } from './team.repository.js';
import { TeamsHttp } from './teams.http.js';
import { TeamsNats } from './teams.nats.js';

export const teams: Feature = {
  controllers: [TeamsHttp, TeamsNats],
  providers: [TeamRepository, TeamBook, JoinTeams, MoveOpenTickets, ReadTeams, KeepTeams],
};
