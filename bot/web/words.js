// The sentences of the page in both languages, and the switch between them.
const config = JSON.parse(document.getElementById('config').textContent);
const root = document.documentElement;

export const framed = config.frame;
export const commune = config.commune;
export const keptMinutes = config.minutes;
// The emergency services' numbers for SMS, by language.
export const { written } = config;

export const language = () => root.lang;

export const sentence = (key, of) => config.texts[of][key];

// A sentence; {names} are filled in.
export function t(key, values = {}, of = language()) {
  return sentence(key, of).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// Says the whole page in a language. The title stays: a title that changes is noticed (R59).
export function speak(next) {
  root.lang = next;
  for (const node of document.querySelectorAll('[data-t]')) {
    node.textContent = t(node.dataset.t);
  }
  for (const node of document.querySelectorAll('[data-t-label]')) {
    node.setAttribute('aria-label', t(node.dataset.tLabel));
  }
  for (const link of document.querySelectorAll('nav [hreflang]')) {
    if (link.hreflang === next) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  for (const numbers of document.querySelectorAll('.numbers-in')) {
    numbers.hidden = numbers.lang !== next;
  }
  for (const link of document.querySelectorAll('[data-page]')) {
    link.href = `${link.dataset.page}?language=${next}`;
  }
}
