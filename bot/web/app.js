// The chat page. Without this script, or in a browser that lacks what it needs, the page stays as
// the server made it: the numbers and the exit (R55, R57).
import * as aloud from './aloud.js';
import * as back from './back.js';
import * as consent from './consent.js';
import * as going from './going.js';
import { arm } from './leave.js';
import * as log from './log.js';
import * as numbers from './numbers.js';
import { watch } from './quiet.js';
import * as sos from './sos.js';
import * as talk from './talk.js';
import * as view from './view.js';
import { commune, framed, keptMinutes, language, speak, t } from './words.js';

const LONGEST = 2000;
const COUNT_FROM = 1600;
const TYPING_AFTER = 400;
const TYPING_LASTS = 6000;
const TYPING_EVERY = 3000;
// Where the style sheet can't do it; asking for the height costs a layout at each key.
const grows = CSS.supports('field-sizing', 'content');
const HELD = ['asked', 'waiting', 'active'];

// Looked up once: after leaving, the document is empty while late answers still arrive.
const parts = Object.fromEntries(
  [...document.querySelectorAll('[id]')].map((node) => [node.id, node]),
);
const $ = (id) => parts[id];

const canRun = 'replaceChildren' in Element.prototype && 'body' in Response.prototype
  && typeof AbortController === 'function' && typeof TextDecoder === 'function';

function run() {
  const [field, composer] = [$('text'), $('composer')];
  const seen = new Set();
  const unsent = new Set();
  let handoff = 'none';
  let wrote = false;
  let busy = 0;
  let offlineSaid = false;
  let current = null;
  let typed = null;
  let signed = 0;
  let line = Promise.resolve();

  // --- what is shown

  function show(messages, scroll = true, short = false) {
    let first = scroll;
    for (const message of messages) {
      if (seen.has(message.id)) continue;
      seen.add(message.id);
      if (message.urgent) alarm();
      message.services.forEach(numbers.keepForPrint);
      aloud.heard(message);
      const node = view.message(message, press);
      consent.dress(node, message);
      if (short && !message.urgent) view.fold(node.querySelector('.bubble'));
      if (message.urgent && message.from === 'assistant') {
        node.querySelector('.bubble').after(view.el('div', { class: 'choices' }, sos.button()));
      }
      log.say(node, { urgent: message.urgent, top: first });
      first = false;
      if (!message.urgent && message.services.some((service) => service.phone)) ways.offer();
    }
  }

  function alarm() {
    $('strip').hidden = false;
    quiet.urgentNow();
  }

  // A sentence of the page itself, with a button when there is something to do.
  function inform(key, { values = {}, button = null, act = null, urgent = false } = {}) {
    const node = view.message({
      from: 'system', text: t(key, values), language: language(),
      buttons: button ? [{ label: t(button), value: button }] : [],
    }, () => { field.focus(); node.remove(); act(); });
    return log.say(node, { urgent, top: true });
  }

  function speakAll(next) {
    speak(next);
    sos.refresh();
    aloud.refresh();
  }

  function setBusy(change) {
    busy += change;
    if (!busy) $('typing').hidden = true;
    else setTimeout(() => { $('typing').hidden = !busy; }, TYPING_AFTER);
  }

  function wipe() {
    log.clear();
    numbers.clearPrint();
    aloud.stop();
    $('strip').hidden = true;
    seen.clear();
    unsent.clear();
    handoff = 'none';
    wrote = false;
    consent.empty();
    ways.again();
  }

  // --- the conversation

  const inLine = (work) => (line = line.then(work, work));

  async function begin() {
    if (talk.running()) return true;
    setBusy(1);
    const { ok, messages } = await talk.start(language(), later);
    setBusy(-1);
    // The first words don't push away what stands above them (R22).
    show(messages, wrote, ok);
    if (!ok) {
      $('strip').hidden = false;
      if (!messages.length) {
        inform('start_failed', { urgent: true, button: 'retry', act: () => inLine(begin) });
      }
      return false;
    }
    offlineSaid = false;
    if (commune) offerNear();
    return true;
  }

  function offerNear() {
    const name = commune[language()];
    const button = view.el('button', { type: 'button' }, t('near_button', { commune: name }));
    button.addEventListener('click', () => submit(t('near_text', { commune: name }).replace(/\u00a0/g, ' ')));
    log.say(view.el('div', { class: 'choices' }, button));
  }

  function later({ message, stands, typing, gone }) {
    if (gone) ended();
    if (stands) stand(stands);
    if (stands && HELD.includes(handoff)) ways.offer();
    if (typing) personTypes();
    if (message) {
      $('typing').hidden = !busy;
      show([message]);
    }
  }

  function stand(stands) {
    handoff = stands.state;
    consent.stand(stands, press);
  }

  function personTypes() {
    $('typing').hidden = false;
    clearTimeout(typed);
    typed = setTimeout(() => { $('typing').hidden = !busy; }, TYPING_LASTS);
  }

  function ended() {
    // What couldn't be said any more goes back to where it was written.
    if (current?.what.text && !field.value) setText(current.text);
    wipe();
    inform('gone', { button: 'restart', act: () => inLine(begin) });
  }

  function submit(text, choice = null) {
    const node = view.message({ from: 'visitor', text, language: language() });
    const item = { node, what: choice ? { choice } : { text }, yes: choice && consent.yes(choice), text };
    wrote = true;
    if (!choice && going.wantsToLeave(text)) goAway(true);
    log.say(node, { top: true });
    inLine(() => deliver(item));
  }

  const press = (choice) => submit(choice.label, choice.value);

  async function deliver(item) {
    if (item.sent) return null;
    if (!talk.running() && !(await begin())) return failed(item, null);
    current = item;
    setBusy(1);
    const { kind, data } = await (item.yes ? talk.agree(item.yes) : talk.say(item.what));
    setBusy(-1);
    if (kind === 'gone') ended();
    current = null;
    // A yes that no longer fits passes nothing on: the question is asked again.
    if (kind === 'again') {
      delivered(item);
      item.yes = null;
      item.sent = false;
      item.what = { choice: 'handoff' };
      return deliver(item);
    }
    if (kind === 'ok') {
      delivered(item);
      follow(data);
    }
    return ['ok', 'gone', 'dropped'].includes(kind) ? null : failed(item, kind);
  }

  function delivered(item) {
    item.sent = true;
    unsent.delete(item);
    offlineSaid = false;
    const warning = item.node.querySelector('.unsent');
    if (warning?.contains(document.activeElement)) field.focus();
    warning?.remove();
  }

  function follow(data) {
    if (data.erased) {
      wipe();
      sos.empty();
      show(data.messages);
      log.say(restartButton());
      return;
    }
    // A failure of the server answers in both languages; only an answer to words says which.
    const answered = data.messages.some((message) => message.from === 'assistant');
    if (answered && data.language !== language()) speakAll(data.language);
    show(data.messages);
    stand(data.handoff);
    if (data.learning) {
      import('./learn.js').then((learn) => talk.running() && log.say(learn.panel(data.learning)));
    }
  }

  function restartButton() {
    const button = view.el('button', { type: 'button' }, t('restart'));
    button.addEventListener('click', () => {
      field.focus();
      wipe();
      inLine(begin);
    });
    return view.el('div', { class: 'choices' }, button);
  }

  function failed(item, kind) {
    unsent.add(item);
    $('strip').hidden = false;
    if (!item.node.querySelector('.unsent')) {
      const again = view.el('button', { type: 'button' }, t('resend'));
      again.addEventListener('click', () => inLine(() => deliver(item)));
      item.node.append(view.el('p', { class: 'unsent' }, `${t('not_sent')} `, again));
    }
    if (kind === null) return null;
    if (kind === 'slow') return inform('slow_down');
    if (navigator.onLine === false) return offline();
    return inform('failed', { urgent: true });
  }

  function offline() {
    $('strip').hidden = false;
    if (offlineSaid) return null;
    offlineSaid = true;
    return inform('offline');
  }

  async function eraseAll() {
    const conversation = talk.running();
    const confirmed = await talk.erase();
    wipe();
    return !conversation || confirmed;
  }

  // --- what the person does

  function setText(text) {
    field.value = text;
    measure();
  }

  function measure() {
    const count = [...field.value].length;
    const over = count > LONGEST;
    if (!grows) {
      field.style.height = 'auto';
      field.style.height = `${Math.min(field.scrollHeight + 2, 150)}px`;
    }
    const shown = count.toLocaleString('fr-BE');
    $('counter').textContent = count < COUNT_FROM
      ? '' : t(over ? 'too_long' : 'counter', { count: shown });
    field.toggleAttribute('aria-invalid', over);
    if (over) field.setAttribute('aria-invalid', 'true');
    return count > 0 && !over;
  }

  composer.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || !measure()) return;
    setText('');
    submit(text);
  });
  field.addEventListener('input', () => {
    measure();
    if (handoff !== 'active' || !field.value || Date.now() - signed < TYPING_EVERY) return;
    signed = Date.now();
    talk.types();
  });
  field.addEventListener('keydown', (event) => {
    // While letters are being composed (other scripts), Enter ends a word, not the message.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      composer.requestSubmit();
    }
  });

  for (const link of document.querySelectorAll('nav [hreflang]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      const next = link.hreflang;
      if (next === language()) return;
      speakAll(next);
      measure();
      numbers.refresh();
      if (talk.running() && wrote) submit(link.textContent, `language:${next}`);
      else inLine(async () => { await eraseAll(); await begin(); });
    });
  }

  function askErase(open) {
    $('erase').setAttribute('aria-expanded', String(open));
    $('erase-ask').hidden = !open;
  }
  $('erase').addEventListener('click', () => askErase($('erase-ask').hidden));
  $('erase-no').addEventListener('click', () => { askErase(false); $('erase').focus(); });
  $('erase-yes').addEventListener('click', () => {
    askErase(false);
    $('erase').focus();
    setText('');
    sos.empty();
    inLine(async () => {
      const { kind, data } = talk.running() ? await talk.say({ choice: 'erase' }) : { kind: 'gone' };
      if (kind === 'ok' && data.erased) return follow(data);
      const confirmed = await eraseAll();
      if (confirmed) return ended();
      await inform('erased_unsure', { values: { minutes: keptMinutes } });
      return log.say(restartButton());
    });
  });

  window.addEventListener('offline', () => { if (!unsent.size) offline(); });
  window.addEventListener('online', () => {
    offlineSaid = false;
    for (const item of unsent) inLine(() => deliver(item));
  });

  // --- leaving and hiding

  let before = null;
  function goAway(on) {
    aloud.stop();
    $('app').hidden = on;
    going.show(on);
    if (!on) field.focus();
  }
  going.setUp({ away: () => quiet.lookAway(), back: () => goAway(false) });

  const quiet = watch({
    warn: (on) => log.note(on ? t('silence_warning') : null),
    cover(on, erased, kept) {
      if (on) {
        before = going.shown() ? field : document.activeElement;
        aloud.stop();
        going.show(false);
      }
      log.note(null);
      $('app').hidden = on;
      $('cover').hidden = !on;
      if (on) {
        window.scrollTo(0, 0);
        $('uncover').focus();
        return;
      }
      (before?.isConnected && before !== document.body ? before : $('log')).focus();
      if (erased) {
        if (kept) ways.ask('gone_words');
        else inform('gone_hidden');
        inLine(begin);
      }
    },
    erase() {
      setText('');
      sos.empty();
      const kept = talk.close();
      wipe();
      return kept;
    },
    waiting: () => HELD.includes(handoff),
  });
  const ways = back.setUp({
    inform,
    called: quiet.called,
    give: () => inLine(async () => (talk.running() ? talk.words() : null)),
    open: (typed) => inLine(async () => {
      const found = await talk.resume(typed, later);
      if (found.status !== 200) return found.status;
      wipe();
      wrote = true;
      if (found.language !== language()) speakAll(found.language);
      inform('resumed');
      return 200;
    }),
  });
  $('hide').addEventListener('click', () => quiet.lookAway());
  arm(() => { aloud.stop(); return talk.erase(); }, talk.close,
    (text) => { if (!$('app').hidden) log.note(text); });
  if (framed) {
    $('minimise').hidden = false;
    $('minimise').addEventListener('click', () =>
      window.parent.postMessage({ helpline: 'minimise' }, '*'));
  }

  // The sticky head's height, so that nothing is ever hidden behind it.
  const head = () => document.documentElement.style.setProperty(
    '--head', `${$('top').offsetHeight}px`,
  );
  new ResizeObserver(head).observe($('top'));

  $('skip').href = '#log';
  $('skip').dataset.t = 'skip';
  for (const part of ['.tools', '.talk']) document.querySelector(part).hidden = false;
  numbers.setUp();
  sos.setUp();
  aloud.setUp();
  document.documentElement.classList.add('on');
  speakAll(language());
  measure();
  head();
  const [how] = performance.getEntriesByType('navigation');
  if (how?.type === 'reload' || document.wasDiscarded) ways.ask('reloaded');
  inLine(begin);
}

if (canRun) run();
