// "This is what they will see": the summary, to strike out and edit before a yes. And while somebody
// waits or speaks: where things stand, always in view.
import { bound, el } from './view.js';
import { language, t } from './words.js';

const STOP = { waiting: 'handoff:withdraw', active: 'handoff:end' };
const bar = document.getElementById('stand');
// What was struck out or written stays so when the same question comes again.
const struck = new Set();
let written = null;
let asked = null;
let phone = null;
let draw = null;

// Gives a message that asks for a yes its form, in the place where it says the summary.
export function dress(node, { consent, language: of, from, services, urgent }) {
  // The line below what was told while somebody waits: the bar keeps it at hand.
  if (from === 'system' && !urgent) phone = services.find((one) => one.phone)?.phone ?? phone;
  if (!bar.hidden) draw();
  if (!consent) return;
  close();
  const { asking, hidden, sentences } = consent;
  const left = () => sentences.filter((one) => !struck.has(one)).join(' ');
  const list = el('div', {});
  const form = el('fieldset', { class: 'consent', lang: of },
    el('legend', {}, t('consent_title', {}, of)), el('p', {}, t('consent_hint', {}, of)), list);
  asked = { form, asking };

  function edit(text) {
    const area = el('textarea', { rows: 4, maxlength: 2000, spellcheck: 'false', autocomplete: 'off' });
    area.value = written = text;
    area.addEventListener('input', () => { written = area.value; });
    list.replaceChildren(el('label', {}, t('consent_text', {}, of), area));
    area.focus();
  }

  if (written !== null) edit(written);
  else {
    for (const sentence of sentences) {
      const box = el('input', { type: 'checkbox', checked: !struck.has(sentence) });
      box.addEventListener('change', () => struck[box.checked ? 'delete' : 'add'](sentence));
      list.append(el('label', {}, box, el('span', {}, bound(sentence, of))));
    }
    const change = el('button', { type: 'button' }, t('consent_edit', {}, of));
    change.addEventListener('click', () => edit(left()));
    list.append(change);
  }
  asked.text = () => written?.trim() ?? left();
  if (hidden) list.before(el('p', {}, t('consent_hidden', { what: hidden }, of)));
  const whole = bound([hidden, ...sentences].filter(Boolean).join(' '), of);
  [...node.querySelectorAll('.bubble p')].find((one) => one.textContent.includes(whole))
    .replaceWith(form);
}

// What a pressed yes sends: as the form stands. Null for any other button.
export function yes(value) {
  const [, share, asking] = /^handoff:(words|summary|nothing):(\d+)$/.exec(value) ?? [];
  if (!asked || Number(asking) !== asked.asking) return null;
  return { action: 'request', share, asking: asked.asking, summary: asked.text() };
}

function close() {
  if (asked) asked.form.disabled = true;
  asked = null;
}

// Shows where things stand; `press` gets the button that stops.
export function stand({ state, position, wait_seconds: seconds }, press) {
  if (state !== 'asked') close();
  bar.hidden = !STOP[state];
  draw = () => {
    const minutes = Math.ceil((seconds ?? 0) / 60);
    const stop = el('button', { type: 'button' }, t(`stand_stop_${state}`));
    stop.addEventListener('click', () => press({ label: stop.textContent, value: STOP[state] }));
    bar.lang = language();
    bar.replaceChildren(
      el('span', {}, t(`stand_${state}`, { position: position ?? 1 }), ' ',
        minutes ? t(minutes > 1 ? 'stand_minutes' : 'stand_minute', { minutes }) : ''),
      ...(phone ? [el('a', { href: `tel:${phone.replace(/ /g, '')}` }, phone)] : []), stop,
    );
  };
  if (!bar.hidden) draw();
}

export function empty() {
  struck.clear();
  written = asked = phone = null;
  bar.hidden = true;
}
