// The workspace: who is next, the talks, and what helps to answer.
import * as gateway from './work-api.js';
import { ask, button, clock, config, el, paragraph, replace, risk, t } from './work-dom.js';
import * as practice from './work-practice.js';
import { next, showNext } from './work-queue.js';
import { alarm, alarmed, badgeButton, beep, mark, said, say, soundButton } from './work-signals.js';
import { Talk } from './work-talk.js';
import { directory, tools } from './work-tools.js';

const BEAT = 30000;
const root = document.getElementById('work');
const practising = 'practice' in root.dataset;
const api = practising ? practice : gateway;

const talks = new Map();
const listeners = [];
let state = { next: [], talks: [] };
let current = null;
let wanted = null;
let letters = 0;
// Until when a pause lasts at least; the gateway keeps it, also across a reload.
let paused = config.paused || null;
let active = false;
let linked = null;

// --- the frame of the page

const link = el('p', { class: 'link-down', role: 'status', hidden: true }, t('link_down'));
const mine = el('ul', { class: 'mine' });
const asides = el('ul', { class: 'plain asides', 'aria-label': t('ended_talks') });
const debriefs = el('div', {});
const middle = el('div', { class: 'middle' }, nothing());
const panes = ['queue', 'talk', 'tools'];
const tabs = panes.map((pane) => button(t(`pane_${pane}`), () => choosePane(pane), { 'data-pane': pane, class: 'quiet' }));
const here = button('', () => setPaused(!paused), { class: 'quiet' });
const hereText = el('p', { class: 'here', role: 'status' });

function nothing() {
  return el('div', { class: 'empty', tabindex: '-1' }, paragraph(t('no_talk')));
}

function choosePane(pane) {
  root.dataset.pane = pane;
  tabs.forEach((tab) => tab.setAttribute('aria-pressed', String(tab.dataset.pane === pane)));
}

function showMark() {
  mark(state.next.length > 0 || [...talks.values()].some((talk) => talk.unread));
}

function showQueue() {
  const live = [...talks.values()].filter((talk) => !talk.over);
  showNext(state, { paused, full: live.length >= config.account.limit, take });
  showMark();
}

// --- being there

const beat = () => {
  api.post('here', { active });
  active = false;
};

function showHere() {
  hereText.textContent = paused ? t('here_paused', { time: clock(paused) }) : t('here');
  here.textContent = t(paused ? 'back' : 'pause');
}

async function setPaused(on) {
  if (practising) { say(t('practice_pause')); return; }
  active = true;
  const { ok, data } = await api.post('pause', { on });
  if (!ok) { say(t('problem_failed')); return; }
  paused = data.paused || null;
  showHere();
  showQueue();
}

async function offerPause() {
  const sure = await ask({ title: t('pause_title'), body: [paragraph(t('pause_what'))], yes: t('pause_yes'), no: t('pause_no') });
  if (sure) setPaused(true);
}

async function take(id) {
  const answer = await api.post(`talks/${id}/claim`);
  if (!answer.ok) { say(t(`claim_${answer.code}`) ?? t('problem_failed')); return; }
  say('');
  wanted = id;
  if (talks.has(id)) open(talks.get(id));
}

// --- the talks

const desk = {
  post: (path, body) => api.post(path, body),
  get: (path) => api.get(path),
  report: (service) => api.report(service),
  say, offerPause, open,
  alarm(text) { alarm(text); showMark(); },
  changed(talk, spoken) {
    if (talk === current && !document.hidden) talk.unread = 0;
    else if (spoken) say(t('new_words', { name: talk.name }));
    if (spoken) beep(520);
    showMine();
  },
  remove(talk) {
    talk.wipe();
    talk.node.remove();
    talk.aside?.remove();
    talks.delete(talk.id);
    say(t('talk_over'));
    if (talk === current) makeRoom();
    showMine();
    showQueue();
  },
  language: () => current?.info.language ?? config.language,
  insert(text) {
    if (!current || current.over) { say(t('no_box')); return; }
    current.insert(text);
    choosePane('talk');
    current.box.focus();
  },
  onLanguage: (listener) => listeners.push(listener),
};

// The main place goes to another talk that is live, or shows that none is.
function makeRoom() {
  const before = desk.language();
  current = null;
  const live = [...talks.values()].find((talk) => !talk.over);
  if (live) { open(live); return; }
  middle.replaceChildren(nothing());
  choosePane('queue');
  // On a telephone the main place isn't shown beside the queue.
  (middle.firstChild.offsetParent ? middle.firstChild : next).focus();
  if (before !== desk.language()) listeners.forEach((listener) => listener());
}

function open(talk) {
  const before = desk.language();
  current = talk;
  talk.unread = 0;
  middle.replaceChildren(talk.node);
  choosePane('talk');
  talk.atEnd = true;
  talk.follow();
  talk.heading.focus({ preventScroll: true });
  // On a telephone the talk takes the whole screen, its box included.
  if (matchMedia('(max-width: 63.99rem)').matches) root.scrollIntoView();
  if (before !== desk.language()) listeners.forEach((listener) => listener());
  showMine();
}

function showMine() {
  const shown = [...talks.values()].filter((talk) => !talk.aside);
  replace(mine, shown.map((talk) => el('li', {}, button('', () => open(talk), {
    class: 'quiet', 'aria-current': talk === current ? 'true' : null, id: `mine-${talk.id}`,
  }))));
  for (const talk of shown) {
    document.getElementById(`mine-${talk.id}`)?.append(
      el('strong', {}, talk.name), ' ', talk.over ? el('span', {}, t('over')) : risk(talk.info.risk),
      talk.unread ? el('span', { class: 'unread' }, t('unread', { number: talk.unread })) : '',
    );
  }
  showMark();
}

async function spokenWith(one) {
  const { ok } = await api.post('debriefed', { id: one.id });
  if (!ok) { say(t('problem_failed')); return; }
  state.debriefs = state.debriefs.filter((other) => other.id !== one.id);
  showDebriefs();
}

function showDebriefs() {
  const asked = state.debriefs ?? [];
  debriefs.replaceChildren(...(asked.length ? [
    el('h2', {}, t('debriefs')),
    el('ul', { class: 'plain' }, asked.map((one) => el('li', {}, `${one.alias}, ${one.day} `,
      button(t('debriefed'), () => spokenWith(one), { class: 'quiet', 'aria-label': `${t('debriefed')}: ${one.alias}` })))),
  ] : []));
}

const on = {
  link(up) {
    if (linked !== null && up !== linked) say(t(up ? 'link_up' : 'link_down'));
    linked = up;
    link.hidden = up;
  },
  state(fresh) {
    const before = JSON.stringify(state.debriefs);
    state = fresh;
    if (!practising && (fresh.paused || null) !== paused) { paused = fresh.paused || null; showHere(); }
    for (const info of fresh.talks) {
      const known = talks.get(info.id);
      if (known && !known.over) { known.update(info); continue; }
      known?.wipe();
      known?.aside?.remove();
      letters += known ? 0 : 1;
      const talk = new Talk(info, known?.letter ?? String.fromCharCode(64 + ((letters - 1) % 26) + 1), desk);
      talks.set(info.id, talk);
      if (!current || current === known || wanted === info.id) open(talk);
    }
    if (talks.has(wanted)) wanted = null;
    showMine();
    showQueue();
    if (before !== JSON.stringify(fresh.debriefs)) showDebriefs();
  },
  words({ talk, words }) { talks.get(talk)?.add(words); },
  ended({ talk, how }) {
    const known = talks.get(talk);
    if (!known || known.mine || known.over) return;
    known.ended(how);
    if (known.aside) {
      known.unread = 0;
      asides.append(known.aside);
      if (known === current) makeRoom();
    }
    say(t('ended_said', { name: known.name }));
    showMine();
    showQueue();
  },
  // Only in practice: what to notice.
  note({ talk, text }) { talks.get(talk)?.note(text, 'coach'); },
  over() {
    for (const talk of talks.values()) talk.wipe();
    talks.clear();
    root.replaceChildren(el('div', { class: 'card', role: 'alert' }, paragraph(t('signed_out')),
      el('a', { href: '/desk/sign-in', class: 'button' }, t('sign_in'))));
  },
};

// --- begin

function guardSignOut() {
  const form = document.getElementById('sign-out')?.form;
  form?.addEventListener('submit', async (event) => {
    if (![...talks.values()].some((talk) => !talk.over)) return;
    event.preventDefault();
    const sure = await ask({ title: t('leave_title'), body: [paragraph(t('leave_what'))], yes: t('leave_yes'), danger: true });
    if (sure) form.submit();
  });
}

function run() {
  root.append(
    el('div', { class: 'pane-tabs', role: 'group', 'aria-label': t('panes') }, tabs), link, said, alarmed,
    el('div', { class: 'columns' },
      el('aside', { class: 'pane queue-pane', 'aria-label': t('pane_queue') },
        practising ? null : el('div', { class: 'presence' }, hereText, el('div', { class: 'actions' }, here, soundButton, badgeButton)),
        next, el('h2', {}, t('my_talks')), mine, asides, debriefs),
      el('div', { class: 'pane talk-pane' }, middle),
      el('aside', { class: 'pane tools-pane', 'aria-label': t('tools') }, tools(desk))),
  );
  choosePane('queue');
  showHere();
  showQueue();
  if (practising) practice.begin(document.getElementById('visitors'));
  else {
    guardSignOut();
    for (const name of ['keydown', 'pointerdown', 'pointermove']) {
      document.addEventListener(name, () => { active = true; }, { passive: true });
    }
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && current) { current.unread = 0; showMine(); }
    });
    active = true;
    beat();
    setInterval(beat, BEAT);
  }
  api.connect(on);
}

if (root.dataset.only === 'directory') root.append(directory(desk, false).node);
else run();
