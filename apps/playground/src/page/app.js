import { coalesced, get, live } from './api.js';
import { mailbox } from './mail.js';
import { modals } from './modal.js';
import { store } from './store.js';
import { channelPane } from './channel.js';
import { sidebar } from './sidebar.js';
import { threadPane } from './thread.js';
import { toast } from './toast.js';

// Puts the page together: one store, panes that draw themselves from it, and a live stream that says when to look again.

const $ = (id) => document.getElementById(id);
const draws = [sidebar($('sidebar')), channelPane($('channel')), threadPane($('thread')), modals($('modals'))];
const drawMail = mailbox($('mailbox'));

store.draw = () => draws.forEach((draw) => draw());
store.refresh = coalesced(async () => {
  const who = store.who;
  try {
    const seen = await get(`/people/${who}`);
    if (who !== store.who) return;
    store.seen = seen;
    store.draw();
  } catch (error) {
    toast(error.message);
  }
});
const refreshMail = coalesced(async () => {
  try {
    store.mails = await get('/mails');
    drawMail();
  } catch (error) {
    toast(error.message);
  }
});

const STATES = { live: 'Live', lost: 'Reconnecting…', connecting: 'Connecting…' };
live({
  onSlack: store.refresh,
  onMail: refreshMail,
  onState: (state) => {
    Object.assign($('live'), { textContent: STATES[state] });
    $('live').dataset.state = state;
    if (state === 'live') void Promise.all([store.refresh(), refreshMail()]);
  },
});

for (const button of document.querySelectorAll('[data-show]'))
  button.addEventListener('click', () => (document.body.dataset.side = button.dataset.show));

try {
  store.state = await get('/state');
  store.begin();
  await Promise.all([store.refresh(), refreshMail()]);
} catch (error) {
  toast(`The playground cannot be loaded: ${error.message}`);
}
