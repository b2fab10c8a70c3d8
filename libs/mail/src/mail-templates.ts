// Handlebars templates of outgoing mail, text and HTML. Ours are read once; an organisation may bring its own.
import Handlebars from 'handlebars';
import { readFileSync } from 'node:fs';

export type TemplateName = 'reply.text' | 'reply.html' | 'acknowledgement.text' | 'acknowledgement.html';
/** An organisation's own templates, by name; the others are ours. */
export type MailTemplates = Partial<Record<TemplateName, string>>;

export interface TemplateView {
  organisation: string;
  /** Null for mail by the desk itself. */
  agentName: string | null;
  ticketNumber: number;
  /** Without prefixes and number. */
  subject: string;
  /** Plain text in text templates; sanitised HTML in HTML templates (`{{{body}}}`). */
  body: string;
  /** What the customer wrote, plain; '' for none. */
  quotedText: string;
}

type Rendered = (view: TemplateView & { quotedLines: string[] }) => string;
const compiled = new Map<string, Rendered>();
const MAX_QUOTED_LINES = 60;

/** @throws Error of Handlebars when an organisation's template is broken: check it by this at the time it is saved. */
export function renderTemplate(name: TemplateName, view: TemplateView, own: MailTemplates = {}): string {
  const source = own[name] ?? ourTemplate(name);
  const key = `${name}\n${source}`;
  let render = compiled.get(key);
  if (!render) {
    // Prototype access is off by default in Handlebars 4.7; nothing but the view can be read, nothing called.
    render = Handlebars.compile<TemplateView & { quotedLines: string[] }>(source, {
      noEscape: name.endsWith('.text'),
      knownHelpersOnly: true,
      strict: false,
    });
    if (compiled.size > 500) compiled.clear();
    compiled.set(key, render);
  }
  const lines = view.quotedText === '' ? [] : view.quotedText.split('\n');
  const quotedLines = lines.length > MAX_QUOTED_LINES ? [...lines.slice(0, MAX_QUOTED_LINES), '…'] : lines;
  return `${render({ ...view, quotedLines }).trim()}\n`;
}

const ours = new Map<TemplateName, string>();

function ourTemplate(name: TemplateName): string {
  let source = ours.get(name);
  if (source === undefined) {
    source = readFileSync(new URL(`./templates/${name}.hbs`, import.meta.url), 'utf8');
    ours.set(name, source);
  }
  return source;
}
