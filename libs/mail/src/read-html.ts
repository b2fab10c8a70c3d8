// Small HTML is read where we are; large HTML in a worker thread with a time limit.
import { Worker } from 'node:worker_threads';
import { htmlToText, type HtmlText } from './html-text.js';

/** Below this, reading takes less than a millisecond or two: cheaper than a message to a thread. */
export const INLINE_HTML_CHARACTERS = 32 * 1024;
export const HTML_TIMEOUT_MS = 2000;

interface Waiting {
  html: string;
  timeoutMs: number;
  resolve: (text: HtmlText | null) => void;
  timer: NodeJS.Timeout | null;
}

let worker: Worker | null = null;
let nextId = 1;
const waiting = new Map<number, Waiting>();

/** @returns null when the worker did not answer in time or broke; the caller says so in the mail's problems. */
export async function readHtml(html: string, options: { timeoutMs?: number } = {}): Promise<HtmlText | null> {
  if (html.length <= INLINE_HTML_CHARACTERS) return htmlToText(html);
  return htmlToTextInWorker(html, options);
}

/** One thread for all, started at first use; it never keeps the process alive by itself. Never rejects. */
export function htmlToTextInWorker(html: string, options: { timeoutMs?: number } = {}): Promise<HtmlText | null> {
  const id = nextId++;
  return new Promise((resolve) => {
    waiting.set(id, { html, timeoutMs: options.timeoutMs ?? HTML_TIMEOUT_MS, resolve, timer: null });
    // One at a time: each has the whole of its time, whoever was before it.
    if (waiting.size === 1) begin(id);
  });
}

/** Ends the thread; whoever waits gets null. The next call starts a new one. */
export function stopHtmlWorker(): void {
  for (const id of waiting.keys()) settle(id, null, false);
  dropWorker();
}

function begin(id: number): void {
  const one = waiting.get(id);
  if (!one) return;
  const thread = (worker ??= startWorker());
  // A thread that is stuck with one mail is of no use to the others: it is replaced, and they go on.
  one.timer = setTimeout(() => {
    dropWorker();
    settle(id, null);
  }, one.timeoutMs);
  thread.ref();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  thread.postMessage({ id, html: one.html });
}

function dropWorker(): void {
  const old = worker;
  worker = null;
  void old?.terminate();
}

function startWorker(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './html-worker.ts' : './html-worker.js';
  const thread = new Worker(new URL(file, import.meta.url));
  thread.on('message', ({ id, result }: { id: number; result: HtmlText }) => settle(id, result));
  const broken = (): void => {
    if (worker !== thread) return;
    worker = null;
    const current = waiting.keys().next().value;
    if (current !== undefined) settle(current, null);
  };
  thread.on('error', broken);
  thread.on('exit', broken);
  return thread;
}

/** Answers one, and begins the next in the queue. */
function settle(id: number, result: HtmlText | null, goOn = true): void {
  const one = waiting.get(id);
  if (!one) return;
  waiting.delete(id);
  if (one.timer) clearTimeout(one.timer);
  one.resolve(result);
  const next = waiting.keys().next().value;
  if (next === undefined) worker?.unref();
  else if (goOn) begin(next);
}
