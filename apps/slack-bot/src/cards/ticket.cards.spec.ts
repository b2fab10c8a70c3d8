import { describe, expect, it } from '@jest/globals';
import { buildTicket } from '../test-tickets.js';
import { ticketCard } from './ticket.cards.js';

describe('the card of a ticket', () => {
  it.each([
    ['email', 'by e-mail'],
    ['slack', 'in Slack'],
    ['api', 'by the API'],
    ['health_monitor', 'by the health monitor'],
  ] as const)('says in words how it was opened: %s', (source, words) => {
    expect(JSON.stringify(ticketCard(buildTicket({ source })).blocks)).toMatch(
      new RegExp(`Opened <!date[^>]+> ${words}`),
    );
  });
});
