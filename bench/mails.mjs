import { createHash } from 'node:crypto';

const SENTENCES = [
  'Since this morning the export of our monthly report ends with a white page and nothing in the download folder.',
  'We tried it in two browsers, logged out and in again, and asked a colleague in another office: the same.',
  'The invoice for October names the old address of our company, although we changed it in the settings in May.',
  'Could you please tell us whether the nightly import has been moved? It used to be done when we came in at eight.',
  'Attached to the ticket of last week was a list of the devices concerned; two more have joined them since.',
];

/** Text of about `bytes`, not the same for any two mails. */
function prose(seed, bytes) {
  const lines = [`Hello, this is about order ${1000 + seed}.`, ''];
  for (let at = seed, length = 0; length < bytes; at++) {
    const sentence = SENTENCES[at % SENTENCES.length];
    lines.push(sentence);
    length += sentence.length + 2;
  }
  return [...lines, '', 'Kind regards,', `Customer ${seed}`];
}

/** A new mail of some 3.6 KB, text and HTML, as a customer's program writes it. No two have the same id or text. */
export function customerMail(seed, to, from = `customer${seed}@shop.example`) {
  const boundary = `=_${createHash('md5').update(String(seed)).digest('hex')}`;
  const text = prose(seed, 1_150);
  const html = text.map((line) => (line === '' ? '<br>' : `<p style="margin:0 0 8px">${line}</p>`));
  const raw = [
    `From: "Customer ${seed}" <${from}>`,
    `To: <${to}>`,
    `Subject: Question ${seed} about our last order`,
    `Message-ID: <${boundary.slice(2)}@shop.example>`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    'User-Agent: Mozilla Thunderbird',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 7bit',
    '',
    ...text,
    `--${boundary}`,
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: 7bit',
    '',
    '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>',
    ...html,
    '</body></html>',
    `--${boundary}--`,
    '',
  ].join('\r\n');
  return { from, raw: Buffer.from(raw) };
}
