// Small helpers of the workspace. Text is only ever set as text, never as markup.
export const config = JSON.parse(document.getElementById('config').textContent);

export function t(key, values = {}) {
  const sentence = config.texts[`w_${key}`];
  return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), sentence);
}

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

export const button = (label, onclick, attributes = {}) =>
  el('button', { type: 'button', onclick, ...attributes }, label);

export const clock = (moment) =>
  new Date(moment).toLocaleTimeString('fr-BE', { hour: '2-digit', minute: '2-digit' });

// A question in front of everything. Resolves with the form's fields when it is confirmed, else
// with null. `danger` marks what can't be taken back; `careful` lets Enter do nothing.
export function ask({ title, body = [], yes, no = t('cancel'), danger = false, careful = danger }) {
  return new Promise((answered) => {
    const heading = el('h2', { id: 'dialog-title' }, title);
    const form = el(
      'form', { method: 'dialog' }, heading, ...body,
      el('div', { class: 'actions' },
        el('button', { value: 'yes', class: danger ? 'danger' : null }, yes),
        el('button', { value: 'no', class: 'quiet', autofocus: careful }, no)),
    );
    const dialog = el('dialog', { 'aria-labelledby': 'dialog-title' }, form);
    dialog.addEventListener('close', () => {
      dialog.remove();
      answered(dialog.returnValue === 'yes' ? Object.fromEntries(new FormData(form)) : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

let choices = 0;

export function choice(name, label, options) {
  choices += 1;
  const id = `choice-${choices}`;
  const list = el('select', { name, id },
    options.map(([value, text]) => el('option', { value }, text)));
  return el('div', { class: 'field' }, el('label', { for: id }, label), list);
}

export function tick(name, label, attributes = {}) {
  return el('label', { class: 'choice' }, el('input', { type: 'checkbox', name, ...attributes }), el('span', {}, label));
}

export const paragraph = (text, attributes = {}) => el('p', attributes, text);

export const risk = (level) => el('span', { class: `risk ${level}` }, t(`risk_${level}`));

// A test must never be taken for a person.
export const trialMark = (trial) => (trial ? el('strong', { class: 'trial' }, t('trial')) : null);

// Replaces what a part shows without taking the keyboard's place in it away.
export function replace(part, children) {
  const index = [...part.querySelectorAll('button')].indexOf(document.activeElement);
  part.replaceChildren(...children);
  if (index >= 0) part.querySelectorAll('button')[index]?.focus();
}
