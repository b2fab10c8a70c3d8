import { blocksWithPaths, checkBlocks } from './check-blocks.js';
import { plainText } from './composition.js';
import { SLACK_LIMITS as MAX } from './limits.js';
import type { Problem } from './problem.js';
import { anything, boolean, isObject, object, oneOf, optional, string, typed } from './rules.js';

const common = {
  blocks: anything,
  private_metadata: optional(string(MAX.privateMetadata, 0)),
  callback_id: optional(string(MAX.id, 0)),
  external_id: optional(string(MAX.id, 0)),
};

const view = typed('a view', () => ({
  modal: object({
    ...common,
    type: oneOf('modal'),
    title: plainText(MAX.viewTitle),
    submit: optional(plainText(MAX.viewButton)),
    close: optional(plainText(MAX.viewButton)),
    clear_on_close: optional(boolean),
    notify_on_close: optional(boolean),
    submit_disabled: optional(boolean),
  }),
  home: object({ ...common, type: oneOf('home') }),
}));

/** What Slack would refuse in a modal or an App Home, as views.open, update, push and publish take it. */
export function checkView(payload: unknown): Problem[] {
  const found: Problem[] = [];
  view(payload, '', found);
  if (!isObject(payload)) return found;
  const surface = payload['type'] === 'home' ? 'home' : 'modal';
  if (payload['blocks'] !== undefined) found.push(...checkBlocks(payload['blocks'], surface));
  const hasInput = blocksWithPaths(payload['blocks'], 'blocks').some(([block]) => block['type'] === 'input');
  if (surface === 'modal' && hasInput && !isObject(payload['submit']))
    found.push({ path: 'submit', message: 'needed when there are input blocks' });
  const bytes = Buffer.byteLength(JSON.stringify(payload));
  if (bytes > MAX.viewBytes) found.push({ path: '', message: `${bytes} of ${MAX.viewBytes} bytes` });
  return found;
}
