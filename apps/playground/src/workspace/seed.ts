import { APP, SLACKBOT, type Member } from './model.js';

const person = (id: string, name: string, realName: string, email: string, title: string, color: string): Member => ({
  id,
  name,
  realName,
  email,
  title,
  color,
  isAdmin: name === 'alice',
  isBot: false,
  isGuest: name === 'casey',
});

/** Who is in the workspace at the start. Casey is in Slack, but is no agent of the help desk. */
export const PEOPLE: readonly Member[] = [
  person('U0ALICE001', 'alice', 'Alice Archer', 'alice@acme.test', 'Support lead', '4d6bc6'),
  person('U0BEA00002', 'bea', 'Bea Brandt', 'bea@acme.test', 'Support agent', '2f8f6b'),
  person('U0MAX00003', 'max', 'Max Moreau', 'max@acme.test', 'Head of support', 'b4593a'),
  person('U0CASEY004', 'casey', 'Casey Cole', 'casey.guest@partner.test', 'Guest from Partner', '8a63ad'),
];

const robot = (id: string, name: string, realName: string): Member => ({
  id,
  name,
  realName,
  title: '',
  color: '3b3f45',
  isAdmin: false,
  isBot: true,
  isGuest: false,
});

export const ROBOTS: readonly Member[] = [
  robot(APP.botUser, 'deskwire', APP.name),
  robot(SLACKBOT, 'slackbot', 'Slackbot'),
];

/** Ids stay the same from start to start, so that what is configured by id keeps working. */
export function seedChannels(triage: string, alerts: string): readonly { id: string; name: string; purpose: string }[] {
  return [
    { id: 'C0TRIAGE01', name: triage, purpose: 'New tickets land here. Take one, answer in its thread.' },
    { id: 'C0ALERTS02', name: alerts, purpose: 'Promises about to be missed, and missed.' },
    { id: 'C0GENERAL3', name: 'general', purpose: 'Everybody at Acme.' },
  ].filter((channel, index, all) => all.findIndex(({ name }) => name === channel.name) === index);
}
