import { describe, expect, it } from '@jest/globals';
import { markdownToHtml } from './markdown.js';

// What readable Markdown becomes is in compose-mail.spec.ts.
describe('Markdown that cannot be read to its end', () => {
  it('is sent as it was written, safe all the same', () => {
    const html = markdownToHtml(`${'>'.repeat(20_000)}<b>"x" & y`);
    expect(html.slice(0, 60)).toMatch(/^<p style="[^"]*">&gt;&gt;/);
    expect(html.slice(-60)).toMatch(/&gt;&lt;b&gt;&quot;x&quot; &amp; y<\/p>$/);
  });
});
