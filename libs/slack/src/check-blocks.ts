import { blockOn, type Surface } from './blocks.js';
import { SLACK_LIMITS as MAX } from './limits.js';
import type { Problem } from './problem.js';
import { isObject, list, under, type Json } from './rules.js';

const RULES = {
  message: list(blockOn('message'), MAX.messageBlocks, 0, 'blocks'),
  modal: list(blockOn('modal'), MAX.viewBlocks, 0, 'blocks'),
  home: list(blockOn('home'), MAX.viewBlocks, 0, 'blocks'),
} as const;

/** What Slack would refuse in a list of blocks on a surface. `path` is where the list stands (`blocks`, `view.blocks`). */
export function checkBlocks(blocks: unknown, surface: Surface, path = 'blocks'): Problem[] {
  const found: Problem[] = [];
  RULES[surface](blocks, path, found);
  const all = blocksWithPaths(blocks, path);
  duplicateBlockIds(all, found);
  for (const [block, at] of all) duplicateActionIds(block, at, found);
  oneFocus(all, found);
  return found;
}

/** Every block with its place, those inside containers too. */
export function blocksWithPaths(blocks: unknown, path: string): [Json, string][] {
  if (!Array.isArray(blocks)) return [];
  return (blocks as unknown[]).flatMap((block, index) => {
    if (!isObject(block)) return [];
    const at = `${path}[${index}]`;
    return [[block, at] as [Json, string], ...blocksWithPaths(block['child_blocks'], under(at, 'child_blocks'))];
  });
}

/** The elements of one block with their places. */
export function elementsWithPaths(block: Json, path: string): [Json, string][] {
  const single = ['accessory', 'element'].flatMap((key): [Json, string][] => {
    const one = block[key];
    return isObject(one) ? [[one, under(path, key)]] : [];
  });
  const many = ['elements', 'actions'].flatMap((key) => {
    const several = block[key];
    if (block['type'] === 'rich_text' || !Array.isArray(several)) return [];
    return (several as unknown[]).flatMap((one, index): [Json, string][] =>
      isObject(one) ? [[one, `${under(path, key)}[${index}]`]] : [],
    );
  });
  return [...single, ...many];
}

function duplicateBlockIds(all: readonly [Json, string][], found: Problem[]): void {
  const seen = new Map<string, string>();
  for (const [{ block_id: id }, at] of all) {
    if (typeof id !== 'string') continue;
    const first = seen.get(id);
    if (first) found.push({ path: `${at}.block_id`, message: `duplicate block_id ${id}, also of ${first}` });
    else seen.set(id, at);
  }
}

// Slack wants an action_id to be unique within its block; the same one in several blocks is how lists are made.
function duplicateActionIds(block: Json, path: string, found: Problem[]): void {
  const seen = new Map<string, string>();
  for (const [{ action_id: id }, at] of elementsWithPaths(block, path)) {
    if (typeof id !== 'string') continue;
    const first = seen.get(id);
    if (first) found.push({ path: `${at}.action_id`, message: `duplicate action_id ${id}, also of ${first}` });
    else seen.set(id, at);
  }
}

function oneFocus(all: readonly [Json, string][], found: Problem[]): void {
  const focused = all
    .flatMap(([block, at]) => elementsWithPaths(block, at))
    .filter(([element]) => element['focus_on_load'] === true);
  for (const [, at] of focused.slice(1))
    found.push({ path: `${at}.focus_on_load`, message: 'only one element may have the focus' });
}
