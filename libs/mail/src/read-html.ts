// Small HTML is read where we are; large HTML in a worker thread with a time limit.
import { Worker } from 'node:worker_threads';
import { htmlToText, type HtmlText } from './html-text.js';

/** Below this, reading takes less than a millisecond or two: cheaper than a message to a thread. */
export const INLINE_HTML_CHARACTERS = 64 * 1024;
export const HTML_TIMEOUT_MS = 2000;

interface Waiting {
  resolve: (text: HtmlText | null) => void;
  timer: NodeJS.Timeout;
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
  const thread = (worker ??= startWorker());
  const id = nextId++;
  return new Promise((resolve) => {
    // A thread that is stuck with one mail is of no use to the others: it is replaced. Those behind it in the
    // queue are given up too, rather than waiting without end.
    const timer = setTimeout(() => stopHtmlWorker(), options.timeoutMs ?? HTML_TIMEOUT_MS);
    waiting.set(id, { resolve, timer });
    thread.ref();
    thread.postMessage({ id, html });
  });
}

/** Ends the thread; whoever waits gets null. The next call starts a new one. */
export function stopHtmlWorker(): void {
  const old = worker;
  worker = null;
  for (const id of waiting.keys()) settle(id, null);
  void old?.terminate();
}

function startWorker(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './html-worker.ts' : './html-worker.js';
  const thread = new Worker(new URL(file, import.meta.url));
  thread.on('message', ({ id, result }: { id: number; result: HtmlText }) => {
    settle(id, result);
    if (waiting.size === 0) thread.unref();
  });
  const broken = (): void => {
    if (worker === thread) stopHtmlWorker();
  };
  thread.on('error', broken);
  thread.on('exit', broken);
  return thread;
}

function settle(id: number, result: HtmlText | null): void {
  const one = waiting.get(id);
  if (!one) return;
  waiting.delete(id);
  clearTimeout(one.timer);
  one.resolve(result);
}
