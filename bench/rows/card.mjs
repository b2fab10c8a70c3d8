import nodemailer from 'nodemailer';
import { absolute, percentile, round } from '../figures.mjs';
import { customerMail } from '../mails.mjs';
import { setTimeout as sleep } from 'node:timers/promises';

const CHANNEL = 'support-triage';
/** Between two mails, so that each finds an idle system. */
const PAUSE_MS = 100;

/**
 * From the moment a customer's server opens its connection to the chat.postMessage of the card, by the timestamp that Slack
 * (the playground's) gave it. One mail after another.
 */
export async function card(bench, options) {
  const stack = await bench.stack();
  const slack = new URL('/playground/api/', stack.slackApiUrl).href;
  const told = await hear(`${slack}live`);
  const waits = [];
  for (let at = 0; at < options.cards + 3; at++) {
    const seed = 5_000_000 + at;
    const { from, raw } = customerMail(seed, stack.supportAddress);
    const transport = nodemailer.createTransport({ host: stack.smtp.host, port: stack.smtp.port, ignoreTLS: true });
    const sentAtMs = Date.now();
    await transport.sendMail({ envelope: { from, to: stack.supportAddress }, raw });
    const posted = await cardOf(seed, `${slack}channels/${CHANNEL}/messages`, told);
    // The first ones open connections and warm the code; an idle desk has had mail before.
    if (at >= 3) waits.push(Number(posted.ts) * 1000 - sentAtMs);
    await sleep(PAUSE_MS);
  }
  told.close();
  const p50 = percentile(waits, 50);
  const p99 = percentile(waits, 99);
  return absolute('card', {
    ours: p50,
    target: 150,
    atMost: true,
    unit: 'ms p50',
    pass: p50 < 150 && p99 < 500,
    p99: round(p99),
    p99Target: 500,
    max: round(Math.max(...waits)),
    mails: waits.length,
  });
}

async function cardOf(seed, url, told) {
  for (const until = Date.now() + 15_000; Date.now() < until; await told.next()) {
    const messages = await (await fetch(url)).json();
    const found = messages.findLast((message) => JSON.stringify(message).includes(`Question ${seed} about`));
    if (found) return found;
  }
  throw new Error('card: no card within 15 s');
}

/** The playground's live stream: `next` resolves when something happened, or after a second. */
async function hear(url) {
  const stop = new AbortController();
  const { body } = await fetch(url, { signal: stop.signal });
  let wake = () => {};
  let news = 0;
  let seen = 0;
  const read = async () => {
    for await (const _ of body) {
      news++;
      wake();
    }
  };
  read().catch(() => {}); // aborted
  return {
    async next() {
      if (news === seen) {
        await new Promise((resolve) => {
          wake = resolve;
          setTimeout(resolve, 1_000);
        });
      }
      seen = news;
    },
    close: () => stop.abort(),
  };
}
