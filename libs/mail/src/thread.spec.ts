import { describe, expect, it } from '@jest/globals';
import { signReplyAddress } from './reply-address.js';
import { chooseTicket, subjectNumbers, threadQuestions, type ThreadFacts, type TicketCandidate } from './thread.js';

const SECRET = 'a secret of the installation';
const ORG = '019a0000-0000-7000-8000-00000000000a';
const TICKET = '019a0000-0000-7000-8000-00000000000b';
const OTHER = '019a0000-0000-7000-8000-00000000000c';
const CASEY = '019a0000-0000-7000-8000-00000000000d';

const signed = (ids: Partial<{ orgId: string; ticketId: string; contactId: string; secret: string }> = {}): string =>
  signReplyAddress({
    orgId: ORG,
    ticketId: TICKET,
    contactId: CASEY,
    secret: SECRET,
    supportAddress: 'support@acme.test',
    ...ids,
  });

const buildFacts = (overrides: Partial<ThreadFacts> = {}): ThreadFacts => ({
  recipients: ['support@acme.test'],
  senderAddress: 'casey@customer.example',
  messageIds: [],
  subjectNumbers: [],
  authenticated: false,
  authenticationWhy: 'no DMARC',
  fromIsAmbiguous: false,
  ...overrides,
});

const buildTicket = (overrides: Partial<TicketCandidate> = {}): TicketCandidate => ({
  orgId: ORG,
  ticketId: TICKET,
  number: 42,
  messageIds: ['<out1@acme.test>'],
  participants: [{ contactId: CASEY, addresses: ['Casey@Customer.example'] }],
  ...overrides,
});

const choose = (facts: Partial<ThreadFacts>, tickets = [buildTicket()], policy = {}) =>
  chooseTicket(buildFacts(facts), tickets, SECRET, policy);

describe('chooseTicket', () => {
  it('1: believes a signed address, whoever the From header says', () => {
    const decision = choose({ recipients: [signed().toUpperCase()], senderAddress: 'someone@else.example' });
    expect(decision).toMatchObject({ rule: 'signed_address', ticketId: TICKET, contactId: CASEY, refused: [] });
  });

  it('1: refuses a forged address, and says why', () => {
    const decision = choose({ recipients: [signed({ secret: 'guessed' })] });
    expect(decision).toMatchObject({
      rule: 'new',
      ticketId: null,
      refused: [{ rule: 'signed_address', ticketId: TICKET }],
    });
  });

  it.each([
    ['another organisation', { orgId: OTHER }],
    ['another contact', { contactId: OTHER }],
    ['another ticket', { ticketId: OTHER }],
  ])('1: refuses an address signed for %s', (_, ids) => {
    expect(choose({ recipients: [signed(ids)] }).rule).toBe('new');
  });

  it('2: follows references of a participant', () => {
    const decision = choose({ messageIds: ['<unknown@x>', '<out1@acme.test>'] });
    expect(decision).toMatchObject({ rule: 'references', ticketId: TICKET, contactId: CASEY });
    expect(decision.evidence).toContain('<out1@acme.test>');
  });

  it('2: refuses references of a stranger, and keeps the candidate for the note', () => {
    const decision = choose({ messageIds: ['<out1@acme.test>'], senderAddress: 'eve@evil.example' });
    expect(decision).toMatchObject({ rule: 'new', refused: [{ ticketId: TICKET, rule: 'references' }] });
    expect(decision.refused[0]?.why).toContain('eve@evil.example is not on the ticket');
  });

  it('2: asks for authentication too where the policy does', () => {
    const facts = { messageIds: ['<out1@acme.test>'] };
    expect(choose(facts, undefined, { headersNeedAuthentication: true }).rule).toBe('new');
    expect(choose({ ...facts, authenticated: true }, undefined, { headersNeedAuthentication: true }).rule).toBe(
      'references',
    );
  });

  it('2: takes nobody’s word when the From header is ambiguous', () => {
    expect(choose({ messageIds: ['<out1@acme.test>'], fromIsAmbiguous: true }).rule).toBe('new');
  });

  it('3: takes the number only from an authenticated participant', () => {
    const facts = { subjectNumbers: [42] };
    expect(choose({ ...facts, authenticated: true })).toMatchObject({ rule: 'subject_number', ticketId: TICKET });
    expect(choose(facts)).toMatchObject({ rule: 'new', refused: [{ rule: 'subject_number' }] });
    expect(choose({ ...facts, authenticated: true, senderAddress: 'eve@evil.example' }).rule).toBe('new');
  });

  it('4: opens a new ticket when nothing points anywhere', () => {
    expect(choose({})).toMatchObject({ rule: 'new', ticketId: null, refused: [] });
  });

  it('goes on to the next rule after a refusal', () => {
    const decision = choose({ recipients: [signed({ secret: 'guessed' })], messageIds: ['<out1@acme.test>'] });
    expect(decision).toMatchObject({ rule: 'references', refused: [{ rule: 'signed_address' }] });
  });
});

describe('threadQuestions', () => {
  it('asks for tickets by token, id and number', () => {
    const facts = buildFacts({ recipients: ['a@b.test', signed()], messageIds: ['<m@x>'], subjectNumbers: [7] });
    expect(threadQuestions(facts)).toEqual({ ticketIds: [TICKET], messageIds: ['<m@x>'], numbers: [7] });
  });
});

describe('subjectNumbers', () => {
  it.each([
    ['Re: [#42] printer', [42]],
    ['[#42] [#42] [#7]', [42, 7]],
    ['#42 (42) [42]', []],
    ['[#0] [#99999999999]', []],
  ])('%s', (subject, numbers) => expect(subjectNumbers(subject)).toEqual(numbers));
});
