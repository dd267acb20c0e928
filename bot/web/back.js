// Words to resume: a telephone may close a page during a call, and the talk's key dies with the page.
import { el } from './view.js';
import * as log from './log.js';
import { t } from './words.js';

const [form, field, ask] = ['back-form', 'back-words', 'back-ask']
  .map((id) => document.getElementById(id));

// `inform(key, options)` says something in the log, `give()` asks for words, `open(typed)` tries
// some and returns the status, `called()` hears that a number was dialled.
export function setUp({ inform, give, open, called }) {
  let offered = false;

  async function show() {
    const got = await give();
    if (!got) return inform('back_none');
    // Who has memorised them can take them off the screen.
    return inform('back_words', { values: got, button: 'back_hide', act: () => {} });
  }

  function enter() {
    form.closest('details').open = true;
    field.scrollIntoView({ block: 'center' });
    field.focus();
  }

  ask.addEventListener('click', show);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const typed = field.value.trim();
    if (!typed) return;
    field.value = '';
    const status = await open(typed);
    if (status !== 200) inform({ 404: 'back_wrong', 429: 'slow_down' }[status] ?? 'failed');
  });
  document.addEventListener('click', (event) => {
    if (event.target.closest('a[href^="tel:"]')) called();
  });

  return {
    // Once a talk, before somebody dials or waits; it says nothing over a shoulder.
    offer() {
      if (offered || !window.matchMedia('(any-pointer: coarse)').matches) return;
      offered = true;
      const button = el('button', { type: 'button' }, t('back_offer'));
      button.addEventListener('click', () => { show(); button.remove(); });
      log.say(el('div', { class: 'choices' }, button));
    },
    ask: (key) => inform(key, { button: 'back_have', act: enter }),
    again() { offered = false; },
  };
}
