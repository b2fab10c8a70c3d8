import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { VERBS } from '../apps/slack-bot/src/commands/verbs.js';

const root = join(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'apps/playground/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
];
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const everyFile = ['apps', 'libs', 'test', 'scripts', 'deploy', 'docs'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.includes('node_modules'))
    .map((path) => `${folder}/${path}`),
);
/** Examples of what a contributor would make. */
const MADE_UP = /merge|events\/<|<[a-z-]+>/;

describe.each(PAGES)('%s', (page) => {
  it('links to pages that are there', () => {
    const links = [...read(page).matchAll(/(?<!!)\[[^\]]*\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  it('names source files that are there', () => {
    const named = [...read(page).matchAll(/`([\w./<>-]+\.(?:ts|mjs|sql|conf))`/g)].map(([, name]) => name!);
    const missing = named.filter(
      (name) => !MADE_UP.test(name) && !everyFile.some((path) => `/${path}`.endsWith(`/${name}`)),
    );
    expect(missing).toEqual([]);
  });
});

it('README.md shows every verb of the Slack command', () => {
  const rows =
    read('README.md')
      .match(/^\| `\/ticket.*$/gm)
      ?.join('\n') ?? '';
  expect(VERBS.filter(({ name }) => !new RegExp(`[\`\\s]${name}\\b`).test(rows)).map(({ name }) => name)).toEqual([]);
});
