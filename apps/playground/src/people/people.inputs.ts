import { z } from 'zod';

// What the control API takes from tests and from the page.

const text = z.string().min(1).max(40_000);
const ts = z.string().regex(/^\d+\.\d{6}$/, 'a message’s ts such as 1700000000.000100');
const channel = z.string().min(1);
const use = { actionId: z.string().min(1), blockId: z.string().min(1).optional(), value: z.unknown().optional() };
const uses = z.array(z.object(use)).max(200).default([]);

export const commandInput = z.object({
  text: z.string().regex(/^\//, 'a command such as "/ticket list"').max(8_000),
  channel: channel.optional(),
  threadTs: ts.optional(),
});

export const postInput = z.object({
  channel,
  text: z.string().max(40_000).default(''),
  threadTs: ts.optional(),
  broadcast: z.boolean().default(false),
  files: z
    .array(z.object({ name: z.string().min(1).max(255), mimetype: z.string().min(1), contentBase64: z.base64() }))
    .max(10)
    .default([]),
});

export const editInput = z.object({ channel, ts, text });
export const deleteInput = z.object({ channel, ts });
export const reactInput = z.object({
  channel,
  ts,
  name: z.string().regex(/^[a-z0-9_+'-]+$/, 'an emoji’s name such as eyes'),
  remove: z.boolean().default(false),
});

export const pressInput = z.object({ channel, ts, ...use });
export const viewPressInput = z.object({ view: z.enum(['modal', 'home']).default('modal'), ...use, typed: uses });
export const suggestInput = z.object({
  query: z.string().max(1_000).default(''),
  actionId: use.actionId,
  blockId: use.blockId,
  channel: channel.optional(),
  ts: ts.optional(),
  view: z.enum(['modal', 'home']).optional(),
});
export const submitInput = z.object({
  /** Refuses when another view than this is on top. */
  viewId: z.string().optional(),
  typed: uses,
  /** block_id or action_id to what is typed: the short way. */
  values: z.record(z.string(), z.unknown()).default({}),
});
export const closeInput = z.object({ all: z.boolean().default(false) });
export const shortcutInput = z.object({
  callbackId: z.string().min(1),
  channel: channel.optional(),
  ts: ts.optional(),
});
