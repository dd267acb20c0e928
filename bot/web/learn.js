// At the end of a calm talk, once: may sentences that weren't understood be kept? Loaded only then.
// Nothing is ticked beforehand, and a no needs no reason.
import { keep } from './talk.js';
import { copy, el } from './view.js';
import { language, t } from './words.js';

export function panel({ code, sentences }) {
  const boxes = sentences.map(({ id, text }) => el('label', {},
    el('input', { type: 'checkbox', value: id }), ' ', el('span', { dir: 'auto' }, text)));
  const said = el('p', { role: 'status' });
  const no = el('button', { type: 'button' }, t('learn_no'));
  const form = el('form', { class: 'learn bubble', lang: language(), 'aria-labelledby': 'learn' },
    el('h2', { id: 'learn', tabindex: '-1' }, t('learn_title')),
    el('p', {}, t('learn_ask')), ...boxes, el('p', {}, t('learn_how')), said,
    el('div', { class: 'choices' }, el('button', {}, t('learn_yes')), no));

  function end(key, ...more) {
    const title = form.firstChild;
    form.replaceChildren(title, el('p', { role: 'status' }, t(key)), ...more);
    title.focus();
  }

  function coded(key) {
    const button = el('button', { type: 'button' }, t('card_copy'));
    button.addEventListener('click', async () => {
      await copy(code);
      button.focus();
      button.textContent = t('card_copied');
    });
    end(key, el('p', {}, el('strong', { class: 'code' }, code)),
      el('div', { class: 'choices' }, button),
      el('p', {}, el('a', {
        href: `/learning?language=${language()}`, target: '_blank', rel: 'noreferrer noopener',
      }, t('learn_where'), ' ', el('span', { class: 'sr' }, t('new_tab')))));
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const ids = [...form.querySelectorAll(':checked')].map((box) => box.value);
    if (!ids.length) {
      said.textContent = t('learn_tick');
      return;
    }
    form.inert = true;
    const { status } = await keep(ids);
    form.inert = false;
    if (status === 204) coded('learn_done');
    else if (status === 0) coded('learn_unsure');
    else end('learn_none');
  });
  no.addEventListener('click', () => {
    keep([]);
    end('learn_none');
  });
  return form;
}
