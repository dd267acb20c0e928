// The log of the conversation: the page's only live region (R50).
import { el } from './view.js';

const BETWEEN_VOICES = 150;
const log = document.getElementById('log');
let voice = Promise.resolve();
let passing = null;

const pause = (time) => new Promise((done) => { setTimeout(done, time); });

// Adds an element; one message, one announcement. For an alarm the log is made assertive for that
// message alone: a role="alert" inside it would be read twice.
export function say(node, { urgent = false, top = false } = {}) {
  voice = voice.then(async () => {
    const politeness = urgent ? 'assertive' : 'polite';
    if (log.getAttribute('aria-live') !== politeness) {
      await pause(BETWEEN_VOICES);
      log.setAttribute('aria-live', politeness);
    }
    log.append(node);
    if (top) node.scrollIntoView({ block: 'start' });
  });
  return voice;
}

// A short note that comes and goes: in the log, so that it is spoken, and fixed to the screen.
export function note(text) {
  passing?.remove();
  passing = null;
  if (!text) return;
  passing = el('p', { class: 'note-now' }, text);
  log.setAttribute('aria-live', 'assertive');
  log.append(passing);
}

export function clear() {
  log.replaceChildren();
  passing = null;
}
