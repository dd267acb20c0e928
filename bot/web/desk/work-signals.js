// What calls for attention: a line that is read out, a sound and a dot in the tab (both only if asked for).
import { button, el, t } from './work-dom.js';

const SAID_FOR = 10000;
const title = document.title;
let sound = null;
let badge = false;
let waits = false;
let quieted = null;

export const said = el('p', { class: 'said-now', role: 'status' });
export const alarmed = el('p', { class: 'sr', role: 'alert' });
export const soundButton = button(t('sound'), () => setSound(!sound), { class: 'quiet', 'aria-pressed': 'false' });
export const badgeButton = button(t('badge'), () => setBadge(!badge), { class: 'quiet', 'aria-pressed': 'false' });

export function say(text) {
  said.textContent = '';
  clearTimeout(quieted);
  if (!text) return;
  setTimeout(() => { said.textContent = text; }, 50);
  quieted = setTimeout(() => say(''), SAID_FOR);
}

export function alarm(text) {
  alarmed.textContent = '';
  setTimeout(() => { alarmed.textContent = text; }, 50);
  beep(880);
}

export function beep(pitch) {
  if (!sound) return;
  const [tone, loud] = [sound.createOscillator(), sound.createGain()];
  tone.frequency.value = pitch;
  loud.gain.setValueAtTime(0.15, sound.currentTime);
  loud.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + 0.5);
  tone.connect(loud).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.5);
}

// Whether somebody waits, or has written what wasn't read yet.
export function mark(something) {
  waits = something;
  document.title = badge && waits ? `● ${title}` : title;
}

function setSound(on) {
  sound = on ? new AudioContext() : null;
  soundButton.setAttribute('aria-pressed', String(on));
  if (on) beep(660);
}

function setBadge(on) {
  badge = on;
  badgeButton.setAttribute('aria-pressed', String(on));
  mark(waits);
}
