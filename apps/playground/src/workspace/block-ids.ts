import { shortId } from './ids.js';
import type { Json } from './model.js';

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isObject) : [];
}

const INERT = new Set(['image', 'plain_text', 'mrkdwn']);

/** Blocks as Slack keeps them: with a block_id and an action_id wherever the app gave none. */
export function withIds(blocks: readonly Json[]): Json[] {
  return blocks.map((block) => {
    const kept: Json = { ...block, block_id: block['block_id'] ?? shortId() };
    if (block['type'] === 'rich_text') return kept;
    for (const key of ['accessory', 'element']) if (isObject(block[key])) kept[key] = named(block[key]);
    if (Array.isArray(block['elements'])) kept['elements'] = objects(block['elements']).map(named);
    if (Array.isArray(block['child_blocks'])) kept['child_blocks'] = withIds(objects(block['child_blocks']));
    return kept;
  });
}

function named(element: Json): Json {
  if (INERT.has(String(element['type']))) return element;
  return { ...element, action_id: element['action_id'] ?? shortId() };
}

export interface Placed {
  readonly block: Json;
  readonly element: Json;
}

/** Every interactive element with the block it stands in. */
export function elementsOf(blocks: readonly Json[]): Placed[] {
  return blocks.flatMap((block) => {
    if (block['type'] === 'rich_text') return [];
    const elements = [
      block['accessory'],
      block['element'],
      ...objects(block['elements']),
      ...objects(block['actions']),
    ];
    const own = elements.filter(isObject).filter((element) => !INERT.has(String(element['type'])));
    return [...own.map((element) => ({ block, element })), ...elementsOf(objects(block['child_blocks']))];
  });
}
