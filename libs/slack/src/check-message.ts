import { blocksWithPaths, checkBlocks } from './check-blocks.js';
import { codePoints, SLACK_LIMITS as MAX } from './limits.js';
import type { Problem } from './problem.js';
import { isObject, list, object, string, anything } from './rules.js';

const metadataRule = object({ event_type: string(MAX.id), event_payload: anything, entities: { optional: anything } });

/**
 * What Slack would refuse, or cut off, in a message: the arguments of chat.postMessage, chat.update and
 * chat.postEphemeral, or what is sent to a response_url. Empty when all is well.
 */
export function checkMessage(payload: unknown): Problem[] {
  if (!isObject(payload)) return [{ path: '', message: 'a message must be an object' }];
  const found: Problem[] = [];
  const { text, blocks, attachments, metadata } = payload;
  if (text !== undefined && text !== null) string(MAX.messageText, 0)(text, 'text', found);
  const empty = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;
  if (
    (typeof text !== 'string' || text === '') &&
    empty(blocks) &&
    empty(attachments) &&
    payload['delete_original'] !== true
  )
    found.push({ path: 'text', message: 'a message needs text, blocks or attachments' });
  if (blocks !== undefined && blocks !== null) found.push(...checkMessageBlocks(blocks));
  if (attachments !== undefined && attachments !== null) found.push(...checkAttachments(attachments));
  if (metadata !== undefined && metadata !== null) {
    metadataRule(metadata, 'metadata', found);
    if (isObject(metadata) && !isObject(metadata['event_payload']))
      found.push({ path: 'metadata.event_payload', message: 'must be an object' });
  }
  return found;
}

/** The blocks of a message alone: what Slack answers `invalid_blocks` to. */
export function checkMessageBlocks(blocks: unknown, path = 'blocks'): Problem[] {
  const found = checkBlocks(blocks, 'message', path);
  const all = blocksWithPaths(blocks, path);
  atMost(1, 'table', 'table');
  atMost(MAX.chartsPerMessage, 'data_visualization', 'charts');
  const markdown = all.reduce((sum, [block]) => sum + (block['type'] === 'markdown' ? textIn(block) : 0), 0);
  if (markdown > MAX.markdown)
    found.push({ path, message: `${markdown} of ${MAX.markdown} characters in markdown blocks` });
  const characters = textIn(blocks);
  if (characters > MAX.messageBlocksText)
    found.push({ path, message: `${characters} of ${MAX.messageBlocksText} characters in all blocks together` });
  return found;

  function atMost(max: number, type: string, noun: string): void {
    const those = all.filter(([block]) => block['type'] === type);
    for (const [, at] of those.slice(max))
      found.push({ path: at, message: `${those.length} of ${max} ${noun} in a message` });
  }
}

function checkAttachments(attachments: unknown): Problem[] {
  const found: Problem[] = [];
  list(anything, MAX.messageAttachments, 0, 'attachments')(attachments, 'attachments', found);
  if (Array.isArray(attachments)) {
    (attachments as unknown[]).forEach((one, index) => {
      if (isObject(one) && one['blocks'] !== undefined)
        found.push(...checkMessageBlocks(one['blocks'], `attachments[${index}].blocks`));
    });
  }
  return found;
}

/** The code points of all that is shown: every `text` that is a string, labels and titles of charts too. */
function textIn(value: unknown): number {
  if (Array.isArray(value)) return (value as unknown[]).reduce<number>((sum, one) => sum + textIn(one), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, one]) =>
      sum +
      (typeof one === 'string'
        ? ['text', 'title', 'label', 'name'].includes(key)
          ? codePoints(one)
          : 0
        : textIn(one)),
    0,
  );
}
