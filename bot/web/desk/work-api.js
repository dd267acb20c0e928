// The way to the gateway: calls, and a stream that goes on where it was after a break.
const FORM = document.querySelector('meta[name="form-token"]').content;
const ANSWER_WITHIN = 15000;
const SILENT_STREAM = 40000;
const LONGEST_WAIT = 10000;

let over = () => {};

async function call(method, path, body) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ANSWER_WITHIN);
  try {
    const answer = await fetch(`/desk/api/${path}`, {
      method, signal: limit.signal, cache: 'no-store', credentials: 'same-origin',
      headers: body ? { 'Content-Type': 'application/json', 'X-Form': FORM } : { 'X-Form': FORM },
      body: body ? JSON.stringify(body) : undefined,
    });
    if (answer.status === 401) over();
    const data = await answer.json().catch(() => ({}));
    return { ok: answer.ok, code: data.error ?? (answer.ok ? 'ok' : 'failed'), data };
  } catch {
    return { ok: false, code: 'failed', data: {} };
  } finally {
    clearTimeout(timer);
  }
}

export const post = (path, body = {}) => call('POST', path, body);
export const get = (path) => call('GET', path);

// Server-Sent Events. `on` has a function for state, words, ended, over (the session is over) and
// link (true while the stream is open).
export function connect(on) {
  let cursor = '';
  let wait = 1000;
  let source = null;
  let watchdog = null;
  let done = false;

  over = () => {
    if (done) return;
    done = true;
    source?.close();
    clearTimeout(watchdog);
    on.over();
  };

  function alive() {
    clearTimeout(watchdog);
    watchdog = setTimeout(again, SILENT_STREAM);
  }

  function again() {
    source.close();
    clearTimeout(watchdog);
    if (done) return;
    on.link(false);
    // An ended session looks like a broken connection; an ordinary call tells them apart.
    get('alive');
    setTimeout(open, wait + Math.random() * 500);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function open() {
    if (done) return;
    source = new EventSource(`/desk/api/events?after=${encodeURIComponent(cursor)}`);
    source.onerror = again;
    source.onopen = () => { wait = 1000; on.link(true); alive(); };
    source.addEventListener('beat', alive);
    source.addEventListener('over', over);
    for (const name of ['state', 'words', 'ended']) {
      source.addEventListener(name, (event) => {
        alive();
        on[name](JSON.parse(event.data));
        cursor = event.lastEventId || cursor;
      });
    }
    alive();
  }

  open();
}

// A number in the directory that is wrong: the record's name and the day, nothing else is kept.
export async function report(service) {
  try {
    const answer = await fetch('/api/v1/reports', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, credentials: 'omit',
      body: JSON.stringify({ service }),
    });
    return { ok: answer.ok };
  } catch {
    return { ok: false };
  }
}
