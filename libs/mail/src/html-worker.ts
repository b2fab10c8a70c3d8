// Runs in a worker thread (read-html.ts starts it): HTML in, text out. Bounded work, but a large mail would still
// hold up every other one on the main thread for some tens of milliseconds.
import { parentPort } from 'node:worker_threads';
import type { HtmlText } from './html-text.js';

// While testing, Node runs the TypeScript source by itself, and there the neighbour is called .ts.
const neighbour = new URL(import.meta.url.endsWith('.ts') ? './html-text.ts' : './html-text.js', import.meta.url);
const { htmlToText } = (await import(neighbour.href)) as { htmlToText: (html: string) => HtmlText };

parentPort?.on('message', ({ id, html }: { id: number; html: string }) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage({ id, result: htmlToText(html) });
});
