// Amazon SES reports bounces and complaints as JSON in a mail by SNS (docs: "Amazon SNS notification contents").
import { z } from 'zod';
import type { RecipientReport } from './recipient-report.js';

const recipient = z.object({
  emailAddress: z.string(),
  status: z.string().optional(),
  diagnosticCode: z.string().optional(),
});
const notification = z.object({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  bounce: z.object({ bounceType: z.string().optional(), bouncedRecipients: z.array(recipient) }).optional(),
  complaint: z
    .object({ complaintFeedbackType: z.string().optional(), complainedRecipients: z.array(recipient) })
    .optional(),
});

/** Null if the text holds no such document. */
export function sesRecipients(text: string): RecipientReport[] | null {
  const start = text.indexOf('{');
  if (start < 0) return null;
  const document = parse(text.slice(start, balancedEnd(text, start)));
  const wrapped = z.object({ Message: z.string() }).safeParse(document);
  const read = notification.safeParse(wrapped.success ? parse(wrapped.data.Message) : document);
  if (!read.success) return null;
  const { bounce, complaint } = read.data;
  if (bounce) {
    return bounce.bouncedRecipients.map((one) => ({
      address: one.emailAddress.toLowerCase(),
      status: one.status ?? '',
      action: 'failed',
      diagnostic: (one.diagnosticCode ?? bounce.bounceType ?? '').replace(/^\s*[\w.-]+\s*;\s*/, ''),
    }));
  }
  if (complaint) {
    const words = `complaint: ${complaint.complaintFeedbackType ?? 'the recipient took it for spam'}`;
    return complaint.complainedRecipients.map((one) => ({
      address: one.emailAddress.toLowerCase(),
      status: '',
      action: '',
      diagnostic: words,
    }));
  }
  return null;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** Behind the brace that closes the one at `start`; SNS writes a footer below the document. */
function balancedEnd(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = start; i < text.length; i++) {
    const letter = text[i];
    if (quoted) {
      if (letter === '\\') i++;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{') depth++;
    else if (letter === '}' && --depth === 0) return i + 1;
  }
  return text.length;
}
