// Silence and looking away: a plain page covers the talk first, and the talk is erased later (R36).
const MINUTE = 60000;
const COVER_AFTER = 5 * MINUTE;
const WARN_BEFORE = MINUTE;
const ERASE_AFTER = 5 * MINUTE;
const LOOK_AWAY = MINUTE;
const AFTER_URGENT = 10 * MINUTE;
// Who calls a number of the page speaks for a while; the talk waits, covered.
const CALL = 45 * MINUTE;
const THREE_WITHIN = 3000;
// Not "scroll": a new message scrolls too, and nobody may be there.
const SIGNS = ['pointerdown', 'touchmove', 'wheel', 'keydown', 'input'];

// Watches over the page. Callbacks: warn(bool), cover(bool), erase(), waiting() says that a person
// is expected or speaking: then nothing is erased under them.
export function watch({ warn, cover, erase, waiting }) {
  let last = Date.now();
  let urgent = -Infinity;
  let call = -Infinity;
  let covered = null;
  let warned = false;
  let taps = [];

  function setWarned(on) {
    if (warned !== on) {
      warned = on;
      warn(on);
    }
  }

  // `since` lies in the past when the device slept meanwhile.
  function hide(eraseAfter, since = Date.now()) {
    setWarned(false);
    taps = [];
    covered = { since, eraseAfter, erased: false };
    cover(true);
  }

  function eraseIfDue(now) {
    if (covered.erased || now - covered.since < covered.eraseAfter || waiting()) return;
    if (covered.eraseAfter === LOOK_AWAY || now >= call + CALL) {
      covered.erased = true;
      covered.kept = erase();
    }
  }

  function look() {
    const now = Date.now();
    const due = Math.max(last + COVER_AFTER, urgent + AFTER_URGENT);
    if (!covered && now >= due) hide(ERASE_AFTER, due);
    if (covered) eraseIfDue(now);
    else setWarned(now >= due - WARN_BEFORE);
  }

  for (const sign of SIGNS) {
    document.addEventListener(sign, () => {
      look();
      last = Date.now();
      if (!covered) setWarned(false);
    }, { capture: true, passive: true });
  }
  document.getElementById('uncover').addEventListener('click', () => {
    const now = Date.now();
    taps = [...taps.filter((tap) => now - tap < THREE_WITHIN), now];
    if (taps.length < 3) return;
    const { erased, kept } = covered;
    covered = null;
    last = now;
    cover(false, erased, kept);
  });
  // A phone that slept wakes up here: what is due is done before anything is seen.
  document.addEventListener('visibilitychange', look);
  setInterval(look, 1000);

  return {
    lookAway: () => hide(LOOK_AWAY),
    urgentNow: () => { urgent = Date.now(); },
    called: () => { call = Date.now(); },
  };
}
