// What is left of a talk that the other side ended: a short note, the counting form, no words.
import { countForm } from './work-acts.js';
import { button, el, paragraph, t } from './work-dom.js';

const SAID = { left: 'ended_left', withdrawn: 'ended_withdrawn', waiting: 'ended_waiting', active: 'ended_waiting' };

// `how` is the state that the talk came to, or "left"; `inPlace`: the talk itself stays on the screen.
export function afterForm(talk, how, inPlace) {
  const said = paragraph(t(SAID[how] ?? 'ended_other'));
  const lastWords = how === 'left' && !inPlace
    ? button(t('last_words'), () => talk.desk.open(talk), { class: 'quiet' }) : null;
  const counted = how === 'left' || how === 'withdrawn';
  const form = el(
    'form', { class: 'after' }, el('strong', {}, talk.name, ' · ', t('over')), said, lastWords,
    counted ? countForm() : null,
    el('div', { class: 'actions' }, el('button', { 'aria-label': `${t('put_away')}: ${talk.name}` }, t('put_away'))),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    if (counted) await talk.desk.post(`talks/${talk.id}/after`, given);
    talk.finish(given);
  });
  // After a quarter of an hour the last words are gone too.
  form.wordsGone = () => { lastWords?.remove(); said.textContent = t('ended_other'); };
  return form;
}
