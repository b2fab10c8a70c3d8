// The control API, and what the page keeps of its answers.

async function send(method, path, body) {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`/playground/api${path}`, { method, ...json });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `The playground answered ${response.status}.`);
  return answer;
}

export const get = (path) => send('GET', path);
export const post = (path, body = {}) => send('POST', path, body);

/** Calls `refresh` at once and then at most once at a time, however often it is asked. */
export function coalesced(refresh) {
  let running = false;
  let again = false;
  return async function ask() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await refresh();
    } finally {
      running = false;
      if (again) {
        again = false;
        setTimeout(() => void ask(), 40);
      }
    }
  };
}

/** Listens to the live stream; the browser reconnects by itself. */
export function live({ onSlack, onMail, onState }) {
  const source = new EventSource('/playground/api/live');
  source.addEventListener('slack', onSlack);
  source.addEventListener('mail', onMail);
  source.addEventListener('hello', () => onState('live'));
  source.addEventListener('error', () => onState('lost'));
}
