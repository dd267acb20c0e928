// "Je dois partir", "ik moet weg": the talk is covered at once, before any network, and ways out stand
// there. Nothing is erased by that alone.
import { sentence } from './words.js';

const LONGEST = 80;
const [page, title, hide, stay] = ['going', 'going-title', 'going-hide', 'going-stay']
  .map((id) => document.getElementById(id));

const plain = (text) => text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '')
  .replace(/[^a-z0-9]+/g, ' ').trim();
const list = (key) => ['fr', 'nl'].flatMap((of) => sentence(key, of).split(', '));
const ends = (text, words) => words.find((word) => ` ${text}`.endsWith(` ${word}`));

// Whether a message says that somebody must go now. A question about going away doesn't.
export function wantsToLeave(text) {
  let left = plain(text);
  if (left.length > LONGEST || text.includes('?')) return false;
  if (list('leave_asks').some((word) => `${left} `.startsWith(`${word} `))) return false;
  const [whole, going, fill] = ['leave_whole', 'leave_ends', 'leave_fill'].map(list);
  for (;;) {
    if (whole.includes(left) || ends(left, going)) return true;
    const more = ends(left, fill);
    if (!more || more === left) return false;
    left = left.slice(0, -more.length).trim();
  }
}

export const shown = () => !page.hidden;

export function show(on) {
  page.hidden = !on;
  if (!on) return;
  window.scrollTo(0, 0);
  title.focus();
}

export function setUp({ away, back }) {
  hide.addEventListener('click', away);
  stay.addEventListener('click', back);
}
