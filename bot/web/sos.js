// A message for 112, put together from taps. It is made, shown and copied on this device alone:
// nothing of it is ever sent, and closing, erasing or leaving empties it.
import { bound, copy, el } from './view.js';
import { language, t, written } from './words.js';

const parts = ['sos', 'sos-title', 'sos-form', 'sos-where', 'sos-text', 'sos-copy', 'sos-close', 'sos-sms']
  .map((id) => document.getElementById(id));
const [section, title, form, where, shown, copyButton, close, sms] = parts;
let opener = null;

function compose() {
  const taken = new FormData(form);
  const place = where.value.trim().replace(/[.\s]+$/, '');
  return [
    t('sos_text_start'),
    place && t('sos_text_where', { where: place }),
    taken.get('who') && t(`sos_text_${taken.get('who')}`),
    ...['weapon', 'children', 'hurt', 'mute'].map((name) => taken.has(name) && `${t(`sos_${name}`)}.`),
  ].filter(Boolean).join(' ');
}

// SMS is only offered with the caution that the record of the number carries.
function smsCard({ name, sms: number, note, source }, text) {
  const link = el(
    'a', { class: 'phone', href: `sms:${number}?&body=${encodeURIComponent(text)}` },
    `${t('card_sms')} ${number}`,
  );
  return el('li', { class: 'card' },
    el('p', { class: 'name' }, name), el('p', { class: 'note' }, bound(note, language())),
    el('p', { class: 'call' }, link), el('p', { class: 'source' }, source));
}

export function refresh() {
  const text = compose();
  shown.textContent = text;
  copyButton.textContent = t('sos_copy');
  sms.replaceChildren(...written[language()].map((way) => smsCard(way, text)));
}

export function empty() {
  form.reset();
  section.hidden = true;
  refresh();
  for (const button of document.querySelectorAll('button.sos')) {
    button.setAttribute('aria-expanded', 'false');
  }
}

function open(button) {
  opener = button;
  section.hidden = false;
  for (const each of document.querySelectorAll('button.sos')) {
    each.setAttribute('aria-expanded', 'true');
  }
  refresh();
  section.scrollIntoView({ block: 'start' });
  title.focus();
}

// A button that opens it, for the card of an emergency.
export function button() {
  const made = el('button', { type: 'button', class: 'sos', 'aria-expanded': String(!section.hidden), 'aria-controls': 'sos' }, t('sos_open'));
  made.addEventListener('click', () => open(made));
  return made;
}

export function setUp() {
  const [first] = document.querySelectorAll('button.sos');
  first.addEventListener('click', () => open(first));
  form.addEventListener('input', refresh);
  form.addEventListener('submit', (event) => event.preventDefault());
  copyButton.addEventListener('click', async () => {
    await copy(compose());
    copyButton.focus();
    copyButton.textContent = t('card_copied');
  });
  close.addEventListener('click', () => {
    empty();
    if (opener?.isConnected) opener.focus();
  });
}
