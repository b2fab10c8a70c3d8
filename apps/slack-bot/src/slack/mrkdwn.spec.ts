import { describe, expect, it } from '@jest/globals';
import { codePoints } from '#slack/limits.js';
import { escapeTo, link, oneLine, quote, slackDate } from './mrkdwn.js';

describe('other people’s text in mrkdwn', () => {
  it('can neither ping nor link', () => {
    const evil = '<!channel> <@U1> <https://evil.example|bank> @here & co';
    for (const shown of [escapeTo(evil, 500), oneLine(evil, 500), quote(evil, 500)]) {
      expect(shown).not.toMatch(/<[!@h]/);
      expect(shown).toContain('&lt;!channel&gt;');
    }
  });

  it('is cut after escaping, and never within an escape or an emoji', () => {
    expect(escapeTo('<<<<', 9)).toBe('&lt;&lt;…');
    expect(escapeTo('<<', 8)).toBe('&lt;&lt;');
    expect(codePoints(escapeTo('👩‍🚒'.repeat(100), 50))).toBeLessThanOrEqual(50);
    expect(escapeTo('👩'.repeat(100), 5).isWellFormed()).toBe(true);
  });

  it('stays one line, and cannot end bold or code', () => {
    expect(oneLine('a\n*b*\t`c`', 50)).toBe('a ∗b∗ ˋcˋ');
  });

  it('is quoted on every line, within its measure', () => {
    expect(quote('one\n\ntwo', 100)).toBe('> one\n> \n> two');
    expect(quote('```\ncode', 100)).toBe('> ˋˋˋ\n> code');
    const long = quote('<'.repeat(5_000).replaceAll(/(.{50})/g, '$1\n'), 2_900, 60);
    expect(codePoints(long)).toBeLessThanOrEqual(2_900);
    expect(quote('a\n'.repeat(100), 1_000, 3)).toBe('> a\n> a\n> a\n> …');
  });

  it('labels links without leaving them', () => {
    expect(link('https://x.slack.com/a|b', 'a|b <c>')).toBe('<https://x.slack.com/a%7Cb|a¦b &lt;c&gt;>');
  });

  it('shows moments in the reader’s zone, and in UTC where that fails', () => {
    expect(slackDate('2026-11-21T18:30:00.000Z')).toBe(
      '<!date^1795285800^{date_short_pretty} {time}|2026-11-21 18:30 UTC>',
    );
  });
});
