// The workspace: who is next, the talks, and what helps to answer.
import * as gateway from './work-api.js';
import { ask, button, clock, config, el, paragraph, t } from './work-dom.js';
import * as practice from './work-practice.js';
import { risk, Talk } from './work-talk.js';
import { directory, tools } from './work-tools.js';

const BEAT = 30000;
const SAID_FOR = 10000;
const PAUSE = 10 * 60 * 1000;
const URGENT = ['emergency', 'crisis'];
const root = document.getElementById('work');
const practising = 'practice' in root.dataset;
const api = practising ? practice : gateway;
const title = document.title;

const talks = new Map();
const listeners = [];
let state = { next: [], talks: [] };
let current = null;
let letters = 0;
let paused = null;
let active = false;
let linked = null;
let warnedOf = '';
let sound = null;
let badge = false;
let quieted = null;

// --- the frame of the page

const said = el('p', { class: 'said-now', role: 'status' });
const alarmed = el('p', { class: 'sr', role: 'alert' });
const link = el('p', { class: 'link-down', role: 'status', hidden: true }, t('link_down'));
const next = el('div', { class: 'next' });
const mine = el('ul', { class: 'mine' });
const debriefs = el('div', {});
const middle = el('div', { class: 'middle' }, el('div', { class: 'empty' }, paragraph(t('no_talk'))));
const panes = ['queue', 'talk', 'tools'];
const tabs = panes.map((pane) => button(t(`pane_${pane}`), () => choosePane(pane), { 'data-pane': pane, class: 'quiet' }));
const here = button('', () => (paused ? back() : pause()), { class: 'quiet' });
const hereText = el('p', { class: 'here', role: 'status' });
const soundButton = button(t('sound'), () => setSound(!sound), { class: 'quiet', 'aria-pressed': 'false' });
const badgeButton = button(t('badge'), () => setBadge(!badge), { class: 'quiet', 'aria-pressed': 'false' });

function choosePane(pane) {
  root.dataset.pane = pane;
  tabs.forEach((tab) => tab.setAttribute('aria-pressed', String(tab.dataset.pane === pane)));
}

function say(text) {
  said.textContent = '';
  clearTimeout(quieted);
  if (!text) return;
  setTimeout(() => { said.textContent = text; }, 50);
  quieted = setTimeout(() => say(''), SAID_FOR);
}

function alarm(text) {
  alarmed.textContent = '';
  setTimeout(() => { alarmed.textContent = text; }, 50);
  beep(880);
  mark();
}

function setSound(on) {
  sound = on ? new AudioContext() : null;
  soundButton.setAttribute('aria-pressed', String(on));
  if (on) beep(660);
}

function beep(pitch) {
  if (!sound) return;
  const [tone, loud] = [sound.createOscillator(), sound.createGain()];
  tone.frequency.value = pitch;
  loud.gain.setValueAtTime(0.15, sound.currentTime);
  loud.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + 0.5);
  tone.connect(loud).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.5);
}

function setBadge(on) {
  badge = on;
  badgeButton.setAttribute('aria-pressed', String(on));
  mark();
}

function mark() {
  const waits = state.next.length > 0 || [...talks.values()].some((talk) => talk.unread);
  document.title = badge && waits ? `● ${title}` : title;
}

// --- being there

const beat = () => {
  api.post('here', { here: !paused, active });
  active = false;
};

function showHere() {
  hereText.textContent = paused ? t('here_paused', { time: clock(paused) }) : t('here');
  here.textContent = t(paused ? 'back' : 'pause');
}

function pause() {
  paused = Date.now() + PAUSE;
  showHere();
  showNext();
  beat();
}

function back() {
  paused = null;
  active = true;
  showHere();
  showNext();
  beat();
}

async function offerPause() {
  const sure = await ask({ title: t('pause_title'), body: [paragraph(t('pause_what'))], yes: t('pause_yes'), no: t('pause_no') });
  if (sure) pause();
}

// --- the next person

function showNext() {
  const rows = paused ? [] : state.next;
  const full = talks.size >= config.account.limit;
  const [first] = rows;
  const urgent = first && URGENT.includes(first.risk);
  next.classList.toggle('urgent', Boolean(urgent));
  const children = [el('h2', {}, t('next_title'))];
  if (paused) children.push(paragraph(t('next_paused')));
  else if (!first) children.push(paragraph(t('next_nobody')));
  else {
    children.push(row(first), button(t('next_take'), () => take(first.id), { class: 'take', disabled: full }));
    if (full) children.push(paragraph(t('next_full', { limit: config.account.limit }), { class: 'hint' }));
  }
  if (state.number !== undefined) {
    children.push(paragraph(t('next_number', { number: state.number }), { class: 'hint' }));
    if (rows.length > 1) children.push(el('ol', { class: 'queue', start: 2 }, rows.slice(1).map((one) => el('li', {}, row(one)))));
  }
  replace(next, children);
  if (first && warnedOf !== first.id + first.risk) {
    warnedOf = first.id + first.risk;
    const facts = `${t(`risk_${first.risk}`)}, ${t(`language_${first.language}`)}`;
    if (urgent) alarm(`${t('next_urgent')} ${facts}`);
    else { say(`${t('next_waits')} ${facts}`); beep(660); }
  }
  mark();
}

function row(one) {
  const facts = [t(`language_${one.language}`), one.topic, one.network, one.for_you && t('for_you'), one.long && t('waits_long'), one.trial && t('trial')];
  return el('div', { class: 'row-person' }, risk(one.risk), ' ', el('span', {}, facts.filter(Boolean).join(' · ')));
}

async function take(id) {
  const answer = await api.post(`talks/${id}/claim`);
  if (!answer.ok) { say(t(`claim_${answer.code}`) ?? t('problem_failed')); return; }
  say('');
  wanted = id;
  if (talks.has(id)) open(talks.get(id));
}
let wanted = null;

// --- the talks

const desk = {
  post: (path, body) => api.post(path, body),
  get: (path) => api.get(path),
  report: (service) => api.report(service),
  say, alarm, offerPause,
  changed(talk, spoken) {
    if (talk === current && !document.hidden) talk.unread = 0;
    else if (spoken) say(t('new_words', { name: talk.name }));
    if (spoken) beep(520);
    showMine();
  },
  remove(talk) {
    talk.wipe();
    talk.node.remove();
    talks.delete(talk.id);
    if (talk === current) {
      current = null;
      const [other] = talks.values();
      if (other) open(other);
      else {
        middle.replaceChildren(el('div', { class: 'empty', tabindex: '-1' }, paragraph(t('talk_over')), paragraph(t('no_talk'))));
        choosePane('queue');
        middle.firstChild.focus();
      }
    }
    showMine();
    showNext();
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

function open(talk) {
  const before = desk.language();
  current = talk;
  talk.unread = 0;
  middle.replaceChildren(talk.node);
  talk.log.scrollTop = talk.log.scrollHeight;
  choosePane('talk');
  talk.heading.focus();
  if (before !== desk.language()) listeners.forEach((listener) => listener());
  showMine();
}

function showMine() {
  replace(mine, [...talks.values()].map((talk) => el('li', {}, button(
    '', () => open(talk), { class: 'quiet', 'aria-current': talk === current ? 'true' : null, id: `mine-${talk.id}` },
  ))));
  for (const talk of talks.values()) {
    document.getElementById(`mine-${talk.id}`)?.append(
      el('strong', {}, talk.name), ' ', talk.over ? el('span', {}, t('over')) : risk(talk.info.risk),
      talk.unread ? el('span', { class: 'unread' }, t('unread', { number: talk.unread })) : '',
    );
  }
  mark();
}

// Replaces what a part shows without taking the keyboard's place in it away.
function replace(part, children) {
  const index = [...part.querySelectorAll('button')].indexOf(document.activeElement);
  part.replaceChildren(...children);
  if (index >= 0) part.querySelectorAll('button')[index]?.focus();
}

function showDebriefs() {
  const asked = state.debriefs ?? [];
  debriefs.replaceChildren(...(asked.length ? [
    el('h2', {}, t('debriefs')),
    el('ul', { class: 'plain' }, asked.map((one) => el('li', {}, `${one.alias}, ${one.day} `,
      button(t('debriefed'), () => api.post('debriefed', { id: one.id }), { class: 'quiet', 'aria-label': `${t('debriefed')}: ${one.alias}` })))),
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
    for (const info of fresh.talks) {
      const known = talks.get(info.id);
      if (known && !known.over) { known.update(info); continue; }
      known?.wipe();
      letters += known ? 0 : 1;
      const talk = new Talk(info, known?.letter ?? String.fromCharCode(64 + ((letters - 1) % 26) + 1), desk);
      talks.set(info.id, talk);
      if (!current || current === known || wanted === info.id) open(talk);
    }
    if (talks.has(wanted)) wanted = null;
    showMine();
    showNext();
    if (before !== JSON.stringify(fresh.debriefs)) showDebriefs();
  },
  words({ talk, words }) { talks.get(talk)?.add(words); },
  ended({ talk, how }) {
    const known = talks.get(talk);
    if (!known || known.mine || known.over) return;
    known.ended(how);
    say(t('ended_said', { name: known.name }));
    showMine();
    showNext();
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
        next, el('h2', {}, t('my_talks')), mine, debriefs),
      el('div', { class: 'pane talk-pane' }, middle),
      el('aside', { class: 'pane tools-pane', 'aria-label': t('tools') }, tools(desk))),
  );
  choosePane('queue');
  showHere();
  showNext();
  if (practising) practice.chooser(document.getElementById('visitors'));
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
