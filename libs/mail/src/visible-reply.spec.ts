import { describe, expect, it } from '@jest/globals';
import { visibleReply } from './visible-reply.js';

const NEW = 'It works now.\n\nMay we keep the old one?';
const OLD = '> Please try the second cable.\n>\n> Alice';

describe('visibleReply: attributions', () => {
  it.each([
    'On Mon, Jun 3, 2024 at 5:02 PM Alice (Acme) <support@acme.test> wrote:',
    'On Mon, Jun 3, 2024 at 5:02 PM Alice (Acme) <\nsupport@acme.test> wrote:',
    'On 3 Jun 2024, at 17:02, Alice wrote:',
    'At 17:02 03.06.2024, you wrote:',
    '---- On Mon, 03 Jun 2024 17:02:11 +0200 Alice <support@acme.test> wrote ----',
    'Am 03.06.2024 um 17:02 schrieb Alice (Acme):',
    'Am Mo., 3. Juni 2024 um 17:02 Uhr schrieb Alice <support@acme.test>:',
    'Alice <support@acme.test> schrieb am Mo., 3. Juni 2024, 17:02:',
    'Le lun. 3 juin 2024 à 17:02, Alice <support@acme.test> a écrit :',
    'El lun, 3 jun 2024 a las 17:02, Alice (<support@acme.test>) escribió:',
    'Il giorno lun 3 giu 2024 alle ore 17:02 Alice <support@acme.test> ha scritto:',
    'Em seg., 3 de jun. de 2024 às 17:02, Alice <support@acme.test> escreveu:',
    'Op ma 3 jun 2024 om 17:02 schreef Alice <support@acme.test>:',
    'Op 3 jun. 2024 om 17:02 heeft Alice <support@acme.test> het volgende geschreven:',
    'pon., 3 cze 2024 o 17:02 Alice <support@acme.test> napisał(a):',
    'W dniu 03.06.2024 o 17:02, Alice pisze:',
    'Den mån 3 juni 2024 kl 17:02 skrev Alice <support@acme.test>:',
    'man. 3. jun. 2024 kl. 17:02 skrev Alice <support@acme.test>:',
    'ma 3. kesäk. 2024 klo 17.02 Alice (support@acme.test) kirjoitti:',
    'po 3. 6. 2024 v 17:02 odesílatel Alice <support@acme.test> napsal:',
    'пн, 3 июн. 2024 г. в 17:02, Alice <support@acme.test>:',
    '03.06.2024 17:02, Alice пишет:',
    'Alice <support@acme.test>, 3 Haz 2024 Pzt, 17:02 tarihinde şunu yazdı:',
    '2024年6月3日(月) 17:02 Alice <support@acme.test>:',
    '在 2024年6月3日，17:02，Alice <support@acme.test> 写道：',
    '2024년 6월 3일 (월) 오후 5:02, Alice <support@acme.test>님이 작성:',
  ])('%s', (attribution) => {
    expect(visibleReply(`${NEW}\n\n${attribution}\n\n${OLD}`)).toBe(NEW);
  });

  it('hides an unquoted old mail below a dated attribution', () => {
    expect(visibleReply(`${NEW}\n\nOn Mon, Jun 3, 2024 at 5:02 PM Alice <a@acme.test> wrote:\n\nPlease try.`)).toBe(
      NEW,
    );
  });

  it('leaves the sentence above a wrapped attribution alone', () => {
    const text = `I only have time\nto test this in 2 weeks.\nOn 3 Jun 2024 at 17:02 "Alice" <a@acme.test>\nwrote:\n\n${OLD}`;
    expect(visibleReply(text)).toBe('I only have time\nto test this in 2 weeks.');
  });

  it.each([
    'On Monday I wrote three mails to you.\n\nNobody answered.',
    'Please call ann@example.org at 10:30 about the following:\n\nthe cable, the plug.',
    'These fail since 2024-06-03 10:00:\n\n- export\n- import',
    'The log of 12:30 says:\n\nerror 12, from: disk, to: tape',
    'From: is a word.\n\nAnd to: also.',
    'Forwarded message\n\nis what I called the file.',
  ])('does not take prose for a quotation: %s', (text) => {
    expect(visibleReply(text)).toBe(text);
  });
});

describe('visibleReply: header blocks and separators', () => {
  const block = (labels: string[]): string =>
    labels
      .map((label, i) => `${label} ${['Acme <support@acme.test>', '03.06.2024 17:02', 'Robin', 'Invoice'][i]}`)
      .join('\n');

  it.each([
    [['From:', 'Sent:', 'To:', 'Subject:']],
    [['*From:*', '*Date:*', '*To:*', '*Subject:*']],
    [['Von:', 'Gesendet:', 'An:', 'Betreff:']],
    [['De :', 'Envoyé :', 'À :', 'Objet :']],
    [['De:', 'Enviado:', 'Para:', 'Asunto:']],
    [['Da:', 'Inviato:', 'A:', 'Oggetto:']],
    [['Van:', 'Verzonden:', 'Aan:', 'Onderwerp:']],
    [['Från:', 'Skickat:', 'Till:', 'Ämne:']],
    [['Od:', 'Wysłano:', 'Do:', 'Temat:']],
    [['От:', 'Отправлено:', 'Кому:', 'Тема:']],
    [['发件人：', '发送时间：', '收件人：', '主题：']],
    [['差出人:', '送信日時:', '宛先:', '件名:']],
  ])('%j', (labels) => {
    expect(visibleReply(`${NEW}\n\n________________________________\n${block(labels)}\n\nOld text.`)).toBe(NEW);
  });

  it.each([
    '-----Original Message-----',
    '-----Ursprüngliche Nachricht-----',
    '-------- Message d’origine --------',
    '----- Mensaje original -----',
    '-------- Oprindelig besked --------',
    '-----原始邮件-----',
  ])('%s', (separator) => {
    expect(visibleReply(`${NEW}\n\n${separator}\n\nOld text.`)).toBe(NEW);
  });

  it('shows what was forwarded when nothing was written above it', () => {
    const text = `---------- Forwarded message ---------\n${block(['From:', 'Date:', 'To:', 'Subject:'])}\n\nThe forwarded words.`;
    expect(visibleReply(text)).toBe('The forwarded words.');
  });

  it('hides everything below a help desk’s line', () => {
    expect(visibleReply(`${NEW}\n\n##- Please type your reply above this line -##\n\nOld text`)).toBe(NEW);
  });
});

describe('visibleReply: quotations', () => {
  const WROTE = 'On 3 Jun 2024 at 17:02 Alice <a@acme.test> wrote:';

  it('finds the answer below the quotation', () => {
    expect(visibleReply(`${WROTE}\n\n${OLD}\n\n${NEW}`)).toBe(NEW);
  });

  it('keeps the quotations between which the answers stand', () => {
    const text = `${WROTE}\n\n> Which cable?\n\nThe second.\n\n> Which plug?\n\nThe red one.`;
    expect(visibleReply(text)).toBe('> Which cable?\n\nThe second.\n\n> Which plug?\n\nThe red one.');
  });

  it('keeps a quotation that opens the mail without an attribution', () => {
    expect(visibleReply('> Which cable?\n\nThe second.')).toBe('> Which cable?\n\nThe second.');
  });

  it('shows the whole when nothing would be left', () => {
    expect(visibleReply(`${WROTE}\n\n${OLD}`)).toBe(`${WROTE}\n\n${OLD}`);
    expect(visibleReply('-- \nAnn')).toBe('-- \nAnn');
    expect(visibleReply('')).toBe('');
  });
});

describe('visibleReply: signatures and notices', () => {
  it.each([
    '-- \nAnn Miller\n+49 30 1234',
    '--\nAnn',
    'Sent from my iPhone',
    'Von meinem iPhone gesendet',
    'Envoyé de mon iPhone',
    'Enviado desde mi iPhone',
    'Inviato da iPhone',
    'Verstuurd vanaf mijn iPhone',
    'Skickat från min iPhone',
    'Отправлено с iPhone',
    '发自我的iPhone',
    'Get Outlook for iOS<https://aka.ms/o0ukef>',
    'Kind regards,\n\nAnn Miller\nHead of Cables',
    'Mit freundlichen Grüßen,\nAnn',
    'Cordialement,\nAnn',
    'This e-mail and any attachments are confidential and intended solely for the addressee.\nIf you are not…',
    'Diese E-Mail enthält vertrauliche Informationen.',
    'CONFIDENTIALITY NOTICE: this is for you alone.',
  ])('%s', (signature) => {
    expect(visibleReply(`${NEW}\n\n${signature}`)).toBe(NEW);
  });

  it.each([
    'The parcel was sent from my office on Monday.\n\nWhere is it?',
    'See the code:\n\n```\n--\nnot a signature\n```\n\nThanks',
    'Before\n\n---\n\n' +
      'A long section that goes on after a rule, with more than a hundred and twenty characters in one line, as people do in Markdown.',
  ])('keeps: %s', (text) => {
    expect(visibleReply(text)).toBe(text);
  });
});

describe('visibleReply: hostile text', () => {
  const MB = 1024 * 1024;
  it.each([
    ['one endless line', 'On '.repeat(MB / 3)],
    ['attribution beginnings', 'On 1 May 2024\n'.repeat(MB / 14)],
    ['colons', 'On 1:\n'.repeat(MB / 6)],
    ['labels', 'From: a\n'.repeat(MB / 8)],
    ['separators', '-----\n'.repeat(MB / 6)],
    ['quotes and text', '> a\nb\n\n'.repeat(MB / 7)],
    ['quotes', '>'.repeat(MB)],
    ['open addresses', '<\n\n'.repeat(MB / 3)],
    ['disclaimers', 'This e-mail and any attachments \n\n'.repeat(MB / 34)],
    ['spaces', ' '.repeat(MB) + 'x'],
  ])('%s: a megabyte in a few seconds at worst', (_, text) => {
    const started = performance.now();
    visibleReply(text);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
