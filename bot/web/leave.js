// The quick exit: blank first, erase, then go elsewhere in the same tab (R40, R41, R42, R45).
import { framed, t } from './words.js';

const WITHIN = 5000;
const HOST_HAS = 300;
let left = false;

// Makes the exit links, Shift three times and the end of the page do their work.
// `erase()` erases the conversation, `close()` too unless words lead back to it; `progress(text)`
// shows and speaks, null takes it away.
export function arm(erase, close, progress) {
  function blank(text) {
    const nothing = document.createElement('div');
    nothing.id = 'blank';
    nothing.setAttribute('role', 'alert');
    const words = document.createElement('span');
    words.className = 'sr';
    words.textContent = text;
    document.body.replaceChildren(nothing);
    nothing.append(words);
  }

  function leave() {
    if (left) return;
    left = true;
    blank(t('leaving'));
    erase();
    if (!framed) {
      location.replace('/exit');
      return;
    }
    // The launcher takes the whole window away; a frame without it tries by itself.
    window.parent.postMessage({ helpline: 'exit' }, '*');
    setTimeout(() => {
      try {
        window.top.location.replace(`${location.origin}/exit`);
      } catch {
        location.replace('/exit');
      }
    }, HOST_HAS);
  }

  for (const link of document.querySelectorAll('a.exit, a.leave')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      leave();
    });
  }

  // Shift alone, three times. Shift with a letter is typing, and begins the count anew.
  let presses = 0;
  let alone = false;
  let timer = null;
  const begin = () => {
    presses = 0;
    clearTimeout(timer);
    progress(null);
  };
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Shift') {
      alone = true;
    } else {
      alone = false;
      if (presses) begin();
    }
  });
  document.addEventListener('keyup', (event) => {
    if (event.key !== 'Shift' || !alone) return;
    alone = false;
    presses += 1;
    if (presses === 1) timer = setTimeout(begin, WITHIN);
    if (presses >= 3) leave();
    else progress(t(presses === 1 ? 'shift_two' : 'shift_one'));
  });

  window.addEventListener('message', (event) => {
    if (framed && event.source === window.parent && event.data?.helpline === 'exit') leave();
  });

  // Whoever comes Back finds nothing, and nobody can come back to a talk: its key dies here.
  window.addEventListener('pagehide', () => {
    if (!left) close();
    document.body.replaceChildren();
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
}
