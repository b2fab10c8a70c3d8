import { post } from './api.js';
import { h, replace } from './dom.js';
import { icon } from './icons.js';
import { ago } from './mrkdwn.js';
import { store } from './store.js';

const CUSTOMERS = ['casey@customer.example', 'dana@globex.example', 'noor@initech.example'];
const view = { address: '', screen: 'list', mail: null, part: 'text', draft: null, result: null };

/** The customers' side: what they got, and writing to the help desk. */
export function mailbox(root) {
  const draw = () => {
    const screens = { list: listScreen, read: readScreen, write: writeScreen };
    replace(root, screens[view.screen](draw));
  };
  return () => {
    if (!store.state) return;
    // A form that somebody writes in is not drawn again because a mail arrived.
    if (view.screen === 'list' || root.childElementCount === 0) draw();
    else root.querySelector('.fresh')?.toggleAttribute('hidden', false);
  };
}

function addresses() {
  const seen = (store.mails ?? []).flatMap(({ direction, envelope }) =>
    direction === 'received' ? envelope.to : [envelope.from],
  );
  return [...new Set([...CUSTOMERS, ...seen.map((one) => one.toLowerCase())])].filter(
    (one) => one !== '' && one !== store.state.supportAddress,
  );
}

function listScreen(draw) {
  const wanted = view.address;
  const concerns = ({ direction, envelope }) =>
    wanted === '' ||
    (direction === 'received' ? envelope.to : [envelope.from]).some((one) => one.toLowerCase() === wanted);
  const mails = (store.mails ?? []).filter(concerns);
  const choose = h(
    'select.field',
    {
      'aria-label': 'Whose mailbox',
      onchange: () => {
        view.address = choose.value;
        draw();
      },
    },
    h('option', { value: '' }, 'All customers'),
    addresses().map((one) => h('option', { value: one, selected: one === wanted }, one)),
  );
  const write = h(
    'button.btn.primary',
    {
      type: 'button',
      onclick: () => {
        startDraft(draw);
      },
    },
    'Write',
  );
  return [
    h('header.head', h('h2', 'Mailbox'), choose, write),
    store.mails === null
      ? h('div.empty', 'Loading…')
      : mails.length === 0
        ? h(
            'div.empty',
            h('strong', 'No mail yet'),
            h('p', `Be a customer: write to ${store.state.supportAddress}. What the desk answers arrives here.`),
            h('button.btn', { type: 'button', onclick: () => startDraft(draw) }, 'Write the first mail'),
          )
        : h(
            'div.mails',
            mails.map((mail) => row(mail, draw)),
          ),
  ];
}

function row(mail, draw) {
  const sent = mail.direction === 'sent';
  const other = sent ? `To ${nameOf(mail.to[0] ?? mail.envelope.to[0] ?? '')}` : nameOf(mail.from);
  return h(
    `button.mail-row${sent ? '.sent' : ''}`,
    { type: 'button', onclick: () => openMail(mail.id, draw) },
    h('span.line', h('strong', other), h('time', { title: mail.at }, ago(new Date(mail.at)))),
    h(
      'span.line',
      h('span.subject', mail.subject || '(no subject)'),
      mail.attachmentCount > 0 && h('span', icon('clip')),
    ),
    h('span.preview', mail.preview),
    h('span.whose', sent ? `from ${mail.envelope.from}` : `for ${mail.envelope.to.join(', ')}`),
  );
}

const nameOf = (address) => /^"?([^"<]+?)"?\s*</.exec(address)?.[1] ?? address;

async function openMail(id, draw) {
  view.mail = await store.mail(id);
  view.screen = 'read';
  view.part = view.mail.html ? 'html' : 'text';
  view.result = null;
  draw();
}

function readScreen(draw) {
  const { mail } = view;
  const tab = (name, words) =>
    h(
      `button.tab${view.part === name ? '.active' : ''}`,
      {
        type: 'button',
        onclick: () => {
          view.part = name;
          draw();
        },
      },
      words,
    );
  const field = (name, value) => value && h('div.field-row', h('span', name), h('span', value));
  return [
    back(draw),
    h(
      'div.reading',
      h('h2', mail.subject || '(no subject)'),
      field('From', mail.from),
      field('To', mail.to.join(', ') || mail.envelope.to.join(', ')),
      field('Cc', mail.cc.join(', ')),
      field('Date', new Date(mail.at).toLocaleString('en-GB')),
      mail.unreadable && h('div.alert.warning', `This mail could not be read in full: ${mail.unreadable}`),
      h(
        'nav.tabs',
        mail.html && tab('html', 'HTML'),
        (mail.text !== null || !mail.html) && tab('text', 'Text'),
        tab('headers', 'Headers'),
        h('a.tab', { href: `/playground/api/mails/${mail.id}/raw`, target: '_blank' }, 'Source'),
      ),
      part(mail),
      mail.attachments
        .filter(({ inline }) => !inline)
        .map((one) =>
          h(
            'a.file',
            { href: `/playground/api/mails/${mail.id}/attachments/${one.index}`, download: one.filename },
            icon('clip'),
            ` ${one.filename}`,
            h('small', ` ${Math.ceil(one.size / 1024)} KB`),
          ),
        ),
    ),
    mail.direction === 'received' && answer(mail, draw),
  ];
}

function part(mail) {
  if (view.part === 'html') return htmlFrame(mail);
  if (view.part === 'headers')
    return h(
      'dl.headers',
      mail.headers.map(({ name, value }) => [h('dt', name), h('dd', value)]),
    );
  return h('pre.mail-text', mail.text ?? '');
}

/** Strangers' HTML: no scripts, no forms, nothing loaded from anywhere, links open elsewhere. */
function htmlFrame(mail) {
  const frame = h('iframe', {
    title: 'The mail',
    sandbox: 'allow-same-origin allow-popups allow-popups-to-escape-sandbox',
    referrerPolicy: 'no-referrer',
  });
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  const style =
    'body{font:14px/1.5 system-ui,sans-serif;color:#1d2733;margin:0;overflow-wrap:anywhere}img{max-width:100%;height:auto}img:not([src^="data:"]){display:none}blockquote{margin:0 0 0 .8ex;border-left:2px solid #d5dce4;padding-left:1ex;color:#55616e}';
  const show = (html) =>
    (frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><base target="_blank"><style>${style}</style>${html}`);
  frame.addEventListener('load', () => {
    frame.style.height = `${Math.min(2_000, (frame.contentDocument?.documentElement.scrollHeight ?? 300) + 8)}px`;
  });
  show(mail.html);
  void withPictures(mail).then((html) => html !== mail.html && show(html));
  return frame;
}

/** `cid:` pictures as data. */
async function withPictures(mail) {
  let { html } = mail;
  for (const { contentId, contentType, index } of mail.attachments) {
    if (!contentId || !/^image\/(png|jpeg|gif|webp)$/.test(contentType) || !html.includes(`cid:${contentId}`)) continue;
    const blob = await (await fetch(`/playground/api/mails/${mail.id}/attachments/${index}`)).blob();
    html = html.replaceAll(`cid:${contentId}`, await dataUrl(new Blob([blob], { type: contentType })));
  }
  return html;
}

function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}

function answer(mail, draw) {
  const to = mail.replyTo || mail.from;
  const text = h('textarea.field', { rows: 4, placeholder: `Reply to ${nameOf(to)}…`, 'aria-label': 'Reply' });
  const send = h('button.btn.primary', { type: 'button' }, 'Reply');
  const whose =
    mail.envelope.to.length > 1
      ? h(
          'select.field',
          { 'aria-label': 'Reply as' },
          mail.envelope.to.map((one) => h('option', { value: one }, one)),
        )
      : null;
  send.addEventListener('click', async () => {
    if (text.value.trim() === '') return text.focus();
    await sending(
      send,
      () => post(`/mails/${mail.id}/reply`, { text: text.value, from: whose?.value ?? mail.envelope.to[0] }),
      draw,
      () => {
        text.value = '';
      },
    );
  });
  return h(
    'div.answer',
    verdict(),
    text,
    h('div.buttons', whose, h('span.hint', `as ${whose ? 'one of them' : mail.envelope.to[0]}`), send),
  );
}

/** Runs a sending, and shows the SMTP server's own words. */
async function sending(button, run, draw, done) {
  button.disabled = true;
  button.classList.add('busy');
  try {
    view.result = await run();
    if (view.result.ok) done();
  } catch (error) {
    view.result = { ok: false, response: error.message };
  }
  draw();
}

function verdict() {
  if (!view.result) return null;
  const { ok, response } = view.result;
  return h(
    `div.alert.${ok ? 'success' : 'error'}`,
    { role: 'status' },
    h('strong', ok ? 'Accepted. ' : 'Not sent. '),
    h('code', response),
  );
}

function startDraft(draw) {
  view.screen = 'write';
  view.result = null;
  view.draft = { from: view.address || CUSTOMERS[0], to: store.state.supportAddress, subject: '', text: '', files: [] };
  draw();
}

function writeScreen(draw) {
  const { draft } = view;
  const field = (key, label, props = {}) => {
    const node = h('input.field', { value: draft[key], ...props });
    node.addEventListener('input', () => (draft[key] = node.value));
    return h('label.input', h('span.label', label), node);
  };
  const text = h('textarea.field', { rows: 10, value: draft.text, placeholder: 'Hello, …' });
  text.addEventListener('input', () => (draft.text = text.value));
  const files = h('input', { type: 'file', multiple: true, onchange: () => (draft.files = [...files.files]) });
  const send = h('button.btn.primary', { type: 'submit' }, 'Send');
  const submit = async (event) => {
    event.preventDefault();
    const attachments = await Promise.all(
      draft.files.map(async (file) => ({
        filename: file.name,
        contentType: file.type || 'application/octet-stream',
        contentBase64: String(await dataUrl(file)).split(',')[1] ?? '',
      })),
    );
    const mail = {
      from: draft.from.trim(),
      to: draft.to
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
      subject: draft.subject,
      text: draft.text,
      attachments,
    };
    await sending(
      send,
      () => post('/mails/send', mail),
      draw,
      () => {
        view.draft = { ...draft, subject: '', text: '', files: [] };
      },
    );
  };
  return [
    back(draw),
    h(
      'form.writing',
      { onsubmit: submit, noValidate: true },
      verdict(),
      field('from', 'From', { list: 'customers', autocomplete: 'off' }),
      h(
        'datalist',
        { id: 'customers' },
        addresses().map((value) => h('option', { value })),
      ),
      field('to', 'To'),
      field('subject', 'Subject', { autofocus: true }),
      h('label.input', h('span.label', 'Message'), text),
      h('label.input', h('span.label', 'Attachments'), files),
      h('div.buttons', send),
    ),
  ];
}

function back(draw) {
  const go = () => {
    view.screen = 'list';
    draw();
  };
  return h(
    'header.head',
    h('button.btn', { type: 'button', onclick: go }, '‹ Mailbox'),
    h('button.link.fresh', { type: 'button', hidden: true, onclick: go }, 'New mail'),
  );
}
