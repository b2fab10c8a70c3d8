import { describe, expect, it } from '@jest/globals';
import { mentionedPeople, slackToMarkdown, slackToPlain } from './slack-to-markdown.js';

describe('what people type in Slack', () => {
  const names = new Map([['U0BEA00002', 'Bea']]);

  it.each([
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['*bold* and _it_ and ~gone~.', '**bold** and _it_ and ~~gone~~.'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['see <https://x.example/a?b=1&amp;c|the page>', 'see [the page](https://x.example/a?b=1&c)'],
    ['<https://x.example>', 'https://x.example'],
    ['<mailto:bea@acme.test|bea@acme.test>', 'bea@acme.test'],
    ['ask <@U0BEA00002> or <@U1|max> in <#C1|general>', 'ask @Bea or @max in #general'],
    ['<!here> look', '@here look'],
    ['`*a* &lt;` *b*', '`*a* <` **b**'],
  ])('%j is %j', (typed, markdown) => {
    expect(slackToMarkdown(typed, names)).toBe(markdown);
  });

  it('is plain in a subject', () => {
    expect(slackToPlain('*x* <https://x.example|page> &amp; <@U0BEA00002>', names)).toBe('*x* page & @Bea');
  });

  it('names the people it mentions once', () => {
    expect(mentionedPeople('<@U0BEA00002> <@U0BEA00002|bea> <@W1> <#C1>')).toEqual(['U0BEA00002', 'W1']);
  });
});
