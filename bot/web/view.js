// Messages and cards as elements. Text is only ever set as text, never as markup.
import { report } from './talk.js';
import { language, t } from './words.js';

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

const dialled = (number) => number.replace(/[^\d+]/g, '');

// 112 and 101 become links that dial; the app is called "112 BE" and its site 112.be.
function dial(text) {
  return text.split(/\b(112|101)\b(?!\s*BE\b|\.be)/).map((part, index) =>
    index % 2 ? el('a', { href: `tel:${part}` }, part) : part);
}

// French puts a space before : ; ? ! and inside « »; a line must not end there.
export const bound = (text, of) => (of === 'fr'
  ? text.replace(/« /g, '«\u00a0').replace(/ ([»:;?!])/g, '\u00a0$1') : text);

// Blank lines part paragraphs, "- " begins a point of a list.
function paragraphs(text, links) {
  const piece = (line) => (links ? dial(line) : [line]);
  const nodes = [];
  for (const block of text.trim().split(/\n\s*\n/)) {
    let list = null;
    let lines = null;
    for (const line of block.split('\n')) {
      if (line.startsWith('- ')) {
        lines = null;
        if (!list) nodes.push((list = el('ul', { dir: 'auto' })));
        list.append(el('li', {}, ...piece(line.slice(2))));
      } else if (lines) {
        lines.append(el('br'), ...piece(line));
      } else {
        list = null;
        nodes.push((lines = el('p', { dir: 'auto' }, ...piece(line))));
      }
    }
  }
  return nodes;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure context, or in a frame whose host forbids it, the old way still works.
    const field = el('textarea', { readonly: true, class: 'sr' });
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
}

function copyButton(phone) {
  const label = el('span', {}, t('card_copy'));
  const button = el(
    'button', { type: 'button', class: 'copy' },
    label, ' ', el('span', { class: 'sr' }, t('card_copy_rest', { phone })),
  );
  button.addEventListener('click', async () => {
    await copy(phone);
    button.focus();
    label.textContent = t('card_copied');
    setTimeout(() => { label.textContent = t('card_copy'); }, 3000);
  });
  return button;
}

function outside(url, label) {
  return el(
    'a', { href: url, target: '_blank', rel: 'noreferrer noopener' },
    label, ' ', el('span', { class: 'sr' }, t('new_tab')),
  );
}

function wrongButton(service) {
  const button = el('button', { type: 'button', class: 'wrong' }, t('card_wrong'));
  let noted = false;
  button.addEventListener('click', async () => {
    if (noted) return;
    noted = await report(service.id);
    button.textContent = t(noted ? 'card_wrong_noted' : 'card_wrong_failed');
  });
  return button;
}

// On request only, and without saying where from.
const map = (address) => el('p', { class: 'links' }, outside(
  `https://www.openstreetmap.org/search?query=${encodeURIComponent(address)}`, t('card_map'),
));

// A service. `folded` puts all but the number behind "more": for the list of numbers.
export function card(service, folded = false) {
  const state = { true: ' open', false: ' closed' }[service.open_now] ?? '';
  const head = [
    el('p', { class: 'name' }, service.name),
    el('p', { class: `hours${state}` }, service.hours),
  ];
  if (service.phone) {
    const link = el(
      'a', { href: `tel:${dialled(service.phone)}`, class: 'phone' },
      el('span', { class: 'sr' }, `${t('card_call')} `), service.phone,
    );
    head.push(el('p', { class: 'call' }, link, copyButton(service.phone)));
  }
  if (service.sms) {
    const link = el('a', { href: `sms:${dialled(service.sms)}`, class: 'phone' },
      `${t('card_sms')} ${service.sms}`);
    head.push(el('p', { class: 'call' }, link, copyButton(service.sms)));
  }
  if (service.address) head.push(el('p', { class: 'address' }, service.address));
  const more = [];
  if (service.note) more.push(el('p', { class: 'note' }, bound(service.note, language())));
  const links = [];
  if (service.url) links.push(outside(service.url, t('card_site')));
  if (service.chat_url && service.chat_url !== service.url) {
    links.push(outside(service.chat_url, t('card_chat')));
  }
  if (links.length) more.push(el('p', { class: 'links' }, ...links));
  const hidden = folded ? [...more] : [];
  if (service.address) hidden.push(map(service.address));
  if (service.source) hidden.push(el('p', { class: 'source' }, service.source));
  if (service.phone && service.kind !== 'emergency') hidden.push(wrongButton(service));
  const details = hidden.length
    ? el('details', {}, el('summary', {}, t(folded ? 'card_more' : 'card_source')), ...hidden)
    : null;
  return el('li', { class: 'card' }, ...head, ...(folded ? [] : more), details);
}

// What the printed page says of a service: name, number, address; nothing of the talk (R58), and
// not "open now", which paper can't know.
export function printed(service) {
  return el(
    'li', { 'data-name': service.name },
    el('strong', {}, service.name),
    ...[service.phone, service.address].filter(Boolean).map((fact) => el('span', {}, fact)),
  );
}

// The first words in short: who speaks, 112 and the question; what is kept stands behind "read more".
export function fold(bubble) {
  const kept = [...bubble.children].slice(1, -1).filter((part) => !part.querySelector('a'));
  const room = window.matchMedia('(min-width: 48rem) and (min-height: 50rem)').matches;
  if (room || !kept.length) return;
  bubble.firstChild.after(el('details', {}, el('summary', {}, t('first_more')), ...kept));
}

// A message of the contract; `press(button)` is called when one of its buttons is pressed.
export function message(said, press) {
  const ours = said.language === 'fr' || said.language === 'nl' ? said.language : language();
  const ofOurs = (text) => paragraphs(bound(text, said.language), true);
  const bubble = el('div', { class: 'bubble', dir: 'auto' },
    ...(said.from === 'visitor' ? paragraphs(said.text, false) : ofOurs(said.text)));
  const parts = [
    el('p', { class: 'author', lang: ours }, t(`author_${said.from}`, {}, ours)), bubble,
  ];
  if (said.easy) {
    let easy = false;
    const button = el('button', { type: 'button', class: 'easy', lang: ours }, t('easy', {}, ours));
    button.addEventListener('click', () => {
      easy = !easy;
      bubble.replaceChildren(...ofOurs(easy ? said.easy : said.text));
      button.textContent = t(easy ? 'easy_not' : 'easy', {}, ours);
    });
    parts.push(button);
  }
  if (said.services?.length) {
    parts.push(el('ul', { class: 'cards', lang: ours },
      ...said.services.map((service) => card(service))));
  }
  if (said.buttons?.length) {
    const buttons = said.buttons.map((choice) => {
      const button = el('button', { type: 'button' }, choice.label);
      button.addEventListener('click', () => press(choice));
      return button;
    });
    parts.push(el('div', { class: 'choices', role: 'group', 'aria-label': t('choices_label', {}, ours) },
      ...buttons));
  }
  return el(
    'div',
    {
      class: `message from-${said.from}${said.urgent ? ' urgent' : ''}`,
      lang: said.language, 'data-id': said.id,
    },
    ...parts,
  );
}
