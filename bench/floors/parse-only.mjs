// mailparser alone, as many mails at once as the filing worker reads: the floor of filing.
import { simpleParser } from 'mailparser';
import { customerMail } from '../mails.mjs';

const AT_ONCE = 8;
const OPTIONS = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true };
const count = Number(process.argv[3]);
const mails = Array.from({ length: count }, (_, at) => customerMail(at, 'support@bench.test').raw);

async function parse(list) {
  const left = list.values();
  const reader = async () => {
    for (const raw of left) await simpleParser(raw, OPTIONS);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
}

await parse(mails.slice(0, Math.ceil(count / 4)));
const startedAtMs = performance.now();
await parse(mails);
process.send({ rate: count / ((performance.now() - startedAtMs) / 1000) });
process.on('disconnect', () => process.exit());
