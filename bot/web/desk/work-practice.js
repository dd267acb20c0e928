// A pretended gateway: scripted visitors, in this browser alone. Nothing is sent, kept or counted.
import * as gateway from './work-api.js';
import { button, config, el, paragraph, t } from './work-dom.js';

const THINKS = 1200;
const WRITES = 1800;
// Well within the 25 seconds in which grave danger must be seen.
const LOOKS = 8000;
const talks = new Map();
let on = null;
let entries = 0;
let language = config.language;
let waiting = [];

const later = (time, work) => setTimeout(work, time);
const ok = (data = {}) => Promise.resolve({ ok: true, code: 'ok', data });

export function connect(handlers) {
  on = handlers;
  on.link(true);
  tell();
}

// Who practises isn't at the desk: somebody real who waits is told of, with the way there.
function watch() {
  const main = document.getElementById('main');
  const real = el('div', { class: 'real', role: 'alert' });
  main.prepend(real);
  let active = true;
  let told = '';
  for (const name of ['keydown', 'pointerdown', 'pointermove']) {
    document.addEventListener(name, () => { active = true; }, { passive: true });
  }
  async function look() {
    const { ok, data } = await gateway.get(`waiting?active=${Number(active)}`);
    active = false;
    const now = !ok || !data.waits ? '' : data.urgent ? 'urgent' : 'waits';
    if (now === told) return;
    told = now;
    real.replaceChildren(...(now ? [
      paragraph(t(`real_${now}`)), el('a', { href: '/desk/', class: 'button' }, t('real_go')),
    ] : []));
  }
  look();
  setInterval(look, LOOKS);
}

export function begin(place) {
  chooser(place);
  if (config.account.claims) watch();
}

// The buttons that let a visitor come.
function chooser(place) {
  const languages = el('div', { class: 'actions', role: 'group', 'aria-label': t('practice_language') },
    ['fr', 'nl'].map((code) => button(t(`language_${code}`), () => choose(code), { 'data-code': code, class: 'quiet' })));
  function choose(code) {
    language = code;
    for (const one of languages.children) one.setAttribute('aria-pressed', String(one.dataset.code === code));
  }
  choose(language);
  place.append(languages, el('ul', { class: 'visitors' }, config.visitors.map((script) => el('li', {},
    el('h2', {}, script.title[config.language]), paragraph(script.goal[config.language]),
    button(t('practice_start'), () => { come(script); place.closest('details').open = false; }, { class: 'quiet', 'aria-label': `${t('practice_start')}: ${script.title[config.language]}` })))));
}

function come(script) {
  const id = crypto.randomUUID().replaceAll('-', '');
  talks.set(id, { id, script, language, step: 0, risk: script.risk, taken: false, took: '', typing: 0, asked: false, address: null, proposed: '', timers: [] });
  waiting.push(id);
  tell();
}

function info(talk) {
  return {
    id: talk.id, network: t('practice_network'), language: talk.language, risk: talk.risk,
    minor: Boolean(talk.script.minor), share: 'words', trial: false, took: talk.took, typing: talk.typing,
    asked_address: talk.asked, has_address: Boolean(talk.address), proposed: talk.proposed,
    topic: talk.script.topic[config.language], summary: talk.script.summary[talk.language], sealed: false,
  };
}

function tell() {
  const rank = ['emergency', 'crisis', 'child', 'raised', 'none'];
  waiting.sort((a, b) => rank.indexOf(talks.get(a).risk) - rank.indexOf(talks.get(b).risk));
  on.state({
    talks: [...talks.values()].filter((talk) => talk.taken).map(info),
    next: waiting.slice(0, 1).map((id) => ({ ...info(talks.get(id)), long: false, for_you: false })),
  });
}

function speak(talk, from, text) {
  entries += 1;
  const at = Date.now();
  on.words({ talk: talk.id, words: [{ id: `${at}-${entries}`, at, from, text }] });
}

// The visitor writes one line after the other, at a human pace.
function answer(talk, lines, then) {
  if (!lines.length) { then?.(); return; }
  const [first, ...rest] = lines;
  talk.timers.push(later(THINKS, () => {
    talk.typing = Date.now();
    tell();
    talk.timers.push(later(WRITES, () => {
      speak(talk, 'visitor', first[talk.language]);
      answer(talk, rest, then);
    }));
  }));
}

function heard(talk) {
  talk.took = `${Date.now()}-0`;
  tell();
  const step = talk.script.steps[talk.step];
  if (!step || talk.busy) return;
  talk.busy = true;
  talk.step += 1;
  on.note({ talk: talk.id, text: step.note[config.language] });
  talk.timers.push(later((step.wait ?? 0) * 1000, () => {
    if (step.risk) talk.risk = step.risk;
    answer(talk, step.say, () => {
      talk.busy = false;
      if (talk.step === talk.script.steps.length) on.note({ talk: talk.id, text: talk.script.last[config.language] });
    });
    tell();
  }));
}

function end(talk) {
  talk.timers.forEach(clearTimeout);
  talks.delete(talk.id);
  waiting = waiting.filter((id) => id !== talk.id);
  tell();
}

const acts = {
  claim(talk) {
    talk.taken = true;
    waiting = waiting.filter((id) => id !== talk.id);
    tell();
    for (const line of talk.script.opening) speak(talk, 'visitor', line[talk.language]);
  },
  say(talk, { text }) {
    speak(talk, 'counsellor', text);
    later(600, () => heard(talk));
  },
  lower(talk) { talk.risk = 'raised'; tell(); },
  address(talk) {
    talk.asked = true;
    tell();
    if (talk.script.address) later(4000, () => { talk.address = talk.script.address[talk.language]; tell(); });
  },
  transfer(talk) {
    talk.proposed = config.sentences[talk.language].transfer_anybody;
    tell();
    later(3000, () => {
      if (!talks.has(talk.id)) return;
      end(talk);
      on.ended({ talk: talk.id, how: 'waiting' });
    });
  },
  end, release: end,
  misuse(talk) {
    speak(talk, 'counsellor', config.sentences[talk.language].misuse_sentence);
    end(talk);
  },
};

export function post(path, body = {}) {
  const [, id, act] = path.split('/');
  const talk = talks.get(id);
  if (talk && acts[act]) acts[act](talk, body);
  return ok({ kept: true });
}

// Ready answers and the directory are the real ones: reading them tells nothing.
export function get(path) {
  const [kind, id, what] = path.split('/');
  if (kind !== 'talks') return gateway.get(path);
  return ok(what === 'address' ? { address: talks.get(id)?.address } : { colleagues: [] });
}

export const report = () => ok();
