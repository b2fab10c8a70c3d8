import { describe, expect, it } from '@jest/globals';
import type { NotificationView } from '#shared/contracts/notifications.js';
import { checkMessage } from '#slack/check-message.js';
import { notificationCard } from './notification.cards.js';

const build = (overrides: Partial<NotificationView> = {}): NotificationView => ({
  id: '0190c1a2-0000-7000-8000-000000000009',
  kind: 'mentioned',
  ticketId: '0190c1a2-0000-7000-8000-000000000001',
  ticket: {
    id: '0190c1a2-0000-7000-8000-000000000001',
    number: 42,
    subject: 'The printer is on fire',
    status: 'open',
    priority: 'high',
  },
  message: {
    id: '0190c1a2-0000-7000-8000-000000000002',
    isInternalNote: true,
    excerpt: '@alice can you look?',
  },
  actor: { name: 'Bea' },
  createdAt: '2026-11-21T09:00:00.000Z',
  readAt: null,
  ...overrides,
});

describe('what an agent is told', () => {
  it('says who, which ticket, and what was written, with what one can do', () => {
    const card = notificationCard(build(), 'https://acme.slack.test/p1');
    expect(checkMessage(card)).toEqual([]);
    const text = JSON.stringify(card.blocks);
    for (const part of [
      '*Bea* mentioned you',
      '#42 The printer is on fire',
      'https://acme.slack.test/p1',
      '> @alice can you look?',
      'internal note',
      'ticket:reply',
      'ticket:note',
    ])
      expect(text).toContain(part);
    expect(card.text).toBe(':wave: Bea mentioned you on #42 The printer is on fire: @alice can you look?');
  });

  it('has words for each kind', () => {
    const words = (kind: NotificationView['kind'], message: NotificationView['message'] = null) =>
      notificationCard(build({ kind, message }), null).text;
    expect(words('assigned')).toBe(':inbox_tray: Bea gave you #42 The printer is on fire');
    expect(words('watched')).toContain('Bea wrote on #42');
    expect(words('mentioned', { id: 'x', isInternalNote: false, excerpt: 'Hi' })).toContain('in a reply on #42');
  });

  it('lets nobody ping, link or break out by what they wrote', () => {
    const evil = '<!channel> <https://x|y> &*_~`<@U1>👩‍🚒\n```\n';
    const card = notificationCard(
      build({
        ticket: { ...build().ticket, subject: evil.repeat(20).replaceAll('\n', ' ') },
        message: { id: 'x', isInternalNote: false, excerpt: evil.repeat(100) },
        actor: { name: evil.repeat(20) },
      }),
      null,
    );
    expect(checkMessage(card)).toEqual([]);
    expect(JSON.stringify(card)).not.toMatch(/<[!@]/);
  });
});
