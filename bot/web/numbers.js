// The list of numbers: folded on small screens, kept fresh, and what a printed page gets of it.
import { lines } from './talk.js';
import { card, printed } from './view.js';
import { language } from './words.js';

const STALE = 15 * 60000;
const GROUPS = ['emergency', 'listening', 'child', 'suicide'];
const [list, button, close, paper] = ['numbers', 'show-numbers', 'close-numbers', 'print']
  .map((id) => document.getElementById(id));
const shown = () => list.querySelector(`.numbers-in[lang="${language()}"]`);
let place = 0;
let fresh = Date.now();

// Asks the server who is open now; when it doesn't answer, the list stays as it is.
export async function refresh() {
  const wanted = language();
  const found = await lines(wanted);
  if (!found || wanted !== language() || shown().contains(document.activeElement)) return;
  fresh = Date.now();
  shown().querySelectorAll(':scope > .cards').forEach((group, index) => {
    group.replaceChildren(...found[GROUPS[index]].map((service) => card(service, true)));
  });
}

function open(on) {
  if (on) place = window.scrollY;
  button.setAttribute('aria-expanded', String(on));
  list.classList.toggle('open', on);
  if (on) {
    list.scrollIntoView({ block: 'start' });
    refresh();
  } else {
    window.scrollTo(0, place);
  }
}

export function setUp() {
  close.hidden = false;
  button.addEventListener('click', () => open(!list.classList.contains('open')));
  close.addEventListener('click', () => {
    open(false);
    button.focus();
  });
  setInterval(() => {
    if (Date.now() - fresh > STALE && document.visibilityState === 'visible') refresh();
  }, 60000);
}

// A service of the talk goes onto paper too, once, unless it is in the list already.
export function keepForPrint(service) {
  const there = [
    ...[...shown().querySelectorAll('.name')].map((name) => name.textContent),
    ...[...paper.children].map((item) => item.dataset.name),
  ];
  if (!there.includes(service.name)) paper.append(printed(service));
}

export const clearPrint = () => paper.replaceChildren();
