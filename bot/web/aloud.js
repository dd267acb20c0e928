// Answers read aloud, by voices of the device alone: others would send the words to their maker.
import { language, t } from './words.js';

const speech = window.speechSynthesis;
const [button, ask, yes, no] = ['aloud', 'aloud-ask', 'aloud-yes', 'aloud-no']
  .map((id) => document.getElementById(id));
let on = false;
let last = null;

const voiceOf = (of) => speech.getVoices()
  .find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(of));

function asked(open) {
  button.setAttribute('aria-expanded', String(open));
  ask.hidden = !open;
}

export function refresh() {
  button.textContent = t(on ? 'aloud_stop' : 'aloud');
  button.hidden = !on && !(speech && voiceOf(language()));
  if (button.hidden) asked(false);
}

function speak(message) {
  const voice = voiceOf(message.language);
  if (!voice) return;
  const words = new SpeechSynthesisUtterance(message.text);
  words.voice = voice;
  words.lang = voice.lang;
  speech.speak(words);
}

// Silent at once; what comes later stays silent too.
export function stop() {
  on = false;
  last = null;
  speech?.cancel();
  refresh();
}

// A message that was shown: read when that is on, else kept until it is asked for.
export function heard(message) {
  if (message.from === 'visitor') return;
  last = message;
  if (on) speak(message);
}

export function setUp() {
  speech?.addEventListener?.('voiceschanged', refresh);
  refresh();
  button.addEventListener('click', () => {
    if (!on) {
      asked(ask.hidden);
      return;
    }
    const message = last;
    stop();
    last = message;
  });
  no.addEventListener('click', () => { asked(false); button.focus(); });
  yes.addEventListener('click', () => {
    asked(false);
    on = true;
    refresh();
    button.focus();
    if (last) speak(last);
  });
}
