// The conversation with our server. The token lives in this module's memory and nowhere else.
const ANSWER_WITHIN = 35000;
const SILENT_STREAM = 60000;
const LONGEST_WAIT = 30000;

let token = null;
let stream = null;
let asking = 0;
let waysBack = 0;

export const running = () => token !== null;

async function call(method, path, body, { keepalive = false, signal } = {}) {
  const headers = {};
  if (body) headers['Content-Type'] = 'application/json';
  if (token) headers.Authorization = `Bearer ${token}`;
  return fetch(path, {
    method, headers, keepalive, signal,
    body: body ? JSON.stringify(body) : undefined,
    cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer',
  });
}

async function inTime(method, path, body) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ANSWER_WITHIN);
  try {
    const answer = await call(method, path, body, { signal: limit.signal });
    return { status: answer.status, data: await answer.json().catch(() => ({})) };
  } catch {
    return { status: 0, data: {} };
  } finally {
    clearTimeout(timer);
  }
}

// Opens a conversation; `later` gets what comes afterwards: {message}, {stands}: the way to
// a person, {typing: true} when that person writes, or {gone: true}.
// Returns {ok, messages}.
export async function start(language, later) {
  forget();
  const { status, data } = await inTime('POST', '/api/v1/conversations', { language });
  if (status !== 201) return { ok: false, messages: data.messages ?? [] };
  open(data.token, later);
  return { ok: true, messages: data.messages };
}

function open(key, later) {
  token = key;
  stream = new AbortController();
  listen(token, stream.signal, later);
}

// Four words that open this talk again, once: {words, minutes}, or null. From then on the end of the
// page doesn't erase it; `erase` still does.
export async function words() {
  const asked = token;
  const { status, data } = await inTime('POST', '/api/v1/words');
  if (status !== 201 || asked !== token) return null;
  waysBack = Date.now() + data.minutes * 60000;
  return data;
}

// Goes on with the talk that words open, in place of the present one. Returns {status, language}.
export async function resume(typed, later) {
  const { status, data } = await inTime('POST', '/api/v1/resume', { words: typed });
  if (status === 200) {
    erase();
    open(data.token, later);
  }
  return { status, language: data.language };
}

// The page ends or was silent: the talk is erased, unless words lead back to it. Says whether they do.
export function close() {
  const kept = Date.now() < waysBack;
  if (kept) forget();
  else erase();
  return kept;
}

// Says something: {text} or {choice}. Returns {kind, data}; kind is ok, gone, slow, long or failed.
export async function say(what) {
  const asked = token;
  asking += 1;
  const { status, data } = await inTime('POST', '/api/v1/messages', what);
  asking -= 1;
  const kind = { 200: 'ok', 401: 'gone', 404: 'gone', 413: 'long', 429: 'slow' }[status];
  if (asked !== token) return { kind: 'dropped', data: {} };
  if (kind === 'gone' || data.erased) forget();
  return { kind: kind ?? 'failed', data };
}

// Passes the talk on as the form of the consent says. Kind is "again" when that question is over.
export async function agree(body) {
  const asked = token;
  const { status, data } = await inTime('POST', '/api/v1/handoff', body);
  if (asked !== token) return { kind: 'dropped', data: {} };
  const kind = { 202: 'ok', 401: 'gone', 404: 'gone', 409: 'again', 429: 'slow' }[status] ?? 'failed';
  if (kind === 'gone') forget();
  return { kind, data: { handoff: data, messages: [] } };
}

// Shows the person of the team that something is being written here; never what.
export function types() {
  call('POST', '/api/v1/handoff', { action: 'typing' }).catch(() => {});
}

// Erases everything on the server; the promise says whether that was confirmed.
export function erase() {
  if (!token) return Promise.resolve(true);
  // keepalive: the request outlives the page, so that leaving doesn't cut it off.
  const sent = call('DELETE', '/api/v1/conversations', null, { keepalive: true });
  forget();
  return sent.then((answer) => answer.status === 204 || answer.status === 404, () => false);
}

function forget() {
  token = null;
  waysBack = 0;
  stream?.abort();
  stream = null;
}

// Answers the question at the end: ids of the sentences that may be kept; none is a no.
export const keep = (sentences) => inTime('POST', '/api/v1/learning', { sentences });

export async function lines(language) {
  const { status, data } = await inTime('GET', `/api/v1/lines?language=${language}`);
  return status === 200 && data.emergency ? data : null;
}

// Says that a service's number is wrong: its id and nothing else, without the token of the talk.
export async function report(service) {
  try {
    const answer = await fetch('/api/v1/reports', {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ service }),
      cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer',
    });
    return answer.status === 204;
  } catch {
    return false;
  }
}

const pause = (time) => new Promise((done) => { setTimeout(done, time); });

// Server-Sent Events by fetch: EventSource can't send the token in a header.
async function listen(mine, signal, later) {
  let last = null;
  let wait = 1000;
  while (mine === token) {
    const quiet = new AbortController();
    const stop = () => quiet.abort();
    signal.addEventListener('abort', stop);
    let timer = setTimeout(stop, SILENT_STREAM);
    try {
      const headers = { Authorization: `Bearer ${mine}`, Accept: 'text/event-stream' };
      if (last) headers['Last-Event-ID'] = last;
      const answer = await fetch('/api/v1/events', {
        headers, signal: quiet.signal, cache: 'no-store', credentials: 'omit',
      });
      if (answer.status === 404 || answer.status === 401) {
        over(mine, later);
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const reader = answer.body.getReader();
      const decoder = new TextDecoder();
      let rest = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        clearTimeout(timer);
        timer = setTimeout(stop, SILENT_STREAM);
        wait = 1000;
        rest += decoder.decode(value, { stream: true });
        const blocks = rest.split('\n\n');
        rest = blocks.pop();
        for (const block of blocks) {
          const event = parse(block);
          if (mine !== token) return;
          if (event.id) last = event.id;
          if (event.event === 'gone') { over(mine, later); return; }
          if (event.event === 'message') later({ message: JSON.parse(event.data) });
          if (event.event === 'handoff') later({ stands: JSON.parse(event.data) });
          if (event.event === 'typing') later({ typing: true });
        }
      }
    } catch {
      // The connection ended; it is tried again below, more slowly each time.
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
    if (mine !== token) return;
    await pause(wait + Math.random() * 500);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }
}

// The conversation is over. A message under way learns it from its own answer, which says more.
async function over(mine, later) {
  while (asking) await pause(100);
  if (mine !== token) return;
  forget();
  later({ gone: true });
}

function parse(block) {
  const event = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
  }
  return event;
}
