// Puts a launcher on another site. The talk lives in a frame of our own origin, so that the site's
// scripts can't read it (R49). Nothing is loaded or kept before the launcher is pressed (R15).
(() => {
  'use strict';
  const texts = __TEXTS__;
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const { language, color, position, commune } = script.dataset;
  const page = document.documentElement;
  const lang = texts[language] ? language : (/^nl/i.test(page.lang) ? 'nl' : 'fr');
  const t = texts[lang];
  const WITHIN = 5000;
  const FRAME_HAS = 400;

  function address(inFrame) {
    const query = new URLSearchParams({ language: lang });
    if (commune) query.set('commune', commune);
    if (inFrame) query.set('frame', '1');
    return `${home}/?${query}`;
  }

  // Black or white on the site's colour: one of the two always has enough contrast.
  function inkOn(element) {
    const [r, g, b] = getComputedStyle(element).color.match(/[\d.]+/g).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000' : '#fff';
  }

  const css = `
    :host { --c: #17505c; --ink: #fff; }
    * { box-sizing: border-box; }
    .launcher { all: unset; box-sizing: border-box; display: flex; align-items: center; min-height: 48px;
      padding: 0 20px; border-radius: 24px; background: var(--c); color: var(--ink); cursor: pointer;
      font: 600 16px/1.2 system-ui, sans-serif; border: 2px solid var(--ink); box-shadow: 0 2px 10px #0005; }
    .launcher:hover { text-decoration: underline; }
    .launcher:focus-visible { outline: 3px solid #0b57d0; outline-offset: 3px; }
    .panel { position: fixed; bottom: 84px; width: 400px; height: min(680px, calc(100vh - 100px));
      border: 1px solid #76838a; border-radius: 14px; overflow: hidden; background: #f6f3ec;
      box-shadow: 0 6px 30px #0006; }
    .right .panel { right: 16px; } .left .panel { left: 16px; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    .steps { position: fixed; top: 16px; left: 50%; transform: translateX(-50%); margin: 0; padding: 12px 18px;
      border-radius: 12px; background: #1d282e; color: #fff; font: 600 16px/1.4 system-ui, sans-serif; }
    .blank { position: fixed; inset: 0; margin: 0; background: #fff; color: #fff; }
    [hidden] { display: none !important; } .steps:empty { padding: 0; }
    @media (max-width: 520px), (max-height: 520px) {
      .panel { inset: 0 !important; width: 100%; height: 100%; border: 0; border-radius: 0; }
      .open .launcher { display: none; }
    }`;

  function put() {
    if (!('attachShadow' in page) || !('adoptedStyleSheets' in document)) {
      // An old browser: a plain link to the full page.
      const link = document.createElement('a');
      link.href = address(false);
      link.textContent = t.title;
      document.body.append(link);
      return;
    }
    const host = document.createElement('div');
    const side = position === 'left' ? 'left' : 'right';
    host.style.cssText = `all:initial!important;display:block!important;position:fixed!important;
      z-index:2147483646!important;inset:auto!important;bottom:16px!important;${side}:16px!important;
      overflow:visible!important;background:none!important;border:0!important;padding:0!important`;
    host.lang = lang;
    const shadow = host.attachShadow({ mode: 'closed' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
    const box = document.createElement('aside');
    box.className = side;
    box.setAttribute('aria-label', t.title);
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'launcher';
    button.textContent = t.title;
    button.setAttribute('aria-expanded', 'false');
    const steps = document.createElement('p');
    steps.className = 'steps';
    steps.setAttribute('role', 'status');
    box.append(button, steps);
    shadow.append(box);
    document.body.append(host);
    if (color) {
      button.style.color = color;
      if (button.style.color) {
        host.style.setProperty('--c', color);
        host.style.setProperty('--ink', inkOn(button));
        button.style.color = '';
      }
    }
    // The top layer: no banner of the site, whatever its z-index, can cover the exit (R39).
    function toFront(on) {
      if (!host.showPopover) return;
      host.popover = 'manual';
      if (host.matches(':popover-open')) host.hidePopover();
      if (on) host.showPopover();
    }

    let panel = null;
    let frame = null;
    // Closed, the launcher stands above a banner at the foot of the site, so that both can be used.
    function stand() {
      if (panel && !panel.hidden) return;
      host.style.setProperty('bottom', '16px', 'important');
      const { x, y, width, height } = host.getBoundingClientRect();
      let other = document.elementsFromPoint(x + width / 2, y + height / 2)
        .find((node) => node !== host);
      while (other && getComputedStyle(other).position !== 'fixed') other = other.parentElement;
      const top = other ? other.getBoundingClientRect().top : 0;
      if (top > height * 3) {
        host.style.setProperty('bottom', `${window.innerHeight - top + 16}px`, 'important');
      }
    }
    stand();
    setInterval(stand, 1000);
    function open(on) {
      if (on && !panel) {
        panel = document.createElement('div');
        panel.className = 'panel';
        frame = document.createElement('iframe');
        frame.title = t.title;
        frame.referrerPolicy = 'no-referrer';
        frame.allow = 'clipboard-write';
        frame.src = address(true);
        panel.append(frame);
        box.prepend(panel);
      }
      panel.hidden = !on;
      box.classList.toggle('open', on);
      button.setAttribute('aria-expanded', String(on));
      toFront(on);
      if (on) frame.focus();
      else stand();
    }
    button.addEventListener('click', () => open(!panel || panel.hidden));

    let left = false;
    function blank() {
      if (left) return;
      left = true;
      const nothing = document.createElement('p');
      nothing.className = 'blank';
      nothing.setAttribute('role', 'alert');
      nothing.textContent = t.leaving;
      panel.hidden = true;
      box.append(nothing);
      toFront(true);
    }
    // replace: Back leads neither to the talk nor to the page that held it.
    let going = false;
    function go() {
      if (going) return;
      going = true;
      window.location.replace(`${home}/exit`);
    }

    window.addEventListener('message', (event) => {
      if (!frame || event.source !== frame.contentWindow || event.origin !== home) return;
      if (event.data.helpline === 'exit') {
        blank();
        go();
      }
      if (event.data.helpline === 'minimise') {
        open(false);
        button.focus();
      }
    });

    // Shift alone, three times, with the focus in the site; only once the talk has been opened.
    let presses = 0;
    let alone = false;
    let timer = null;
    const begin = () => {
      presses = 0;
      clearTimeout(timer);
      steps.textContent = '';
    };
    window.addEventListener('keydown', (event) => {
      alone = event.key === 'Shift';
      if (!alone && presses) begin();
    }, true);
    window.addEventListener('keyup', (event) => {
      if (event.key !== 'Shift' || !alone || !frame || left) return;
      alone = false;
      presses += 1;
      if (presses === 1) timer = setTimeout(begin, WITHIN);
      steps.textContent = presses === 1 ? t.shift_two : t.shift_one;
      if (presses < 3) return;
      steps.textContent = '';
      blank();
      // The frame erases the talk and answers "exit"; whatever happens, the page goes.
      frame.contentWindow.postMessage({ helpline: 'exit' }, home);
      setTimeout(go, FRAME_HAS);
    }, true);
  }

  if (document.body) put();
  else document.addEventListener('DOMContentLoaded', put);
})();
