// Who is next: only what may be known before a claim.
import { button, config, el, paragraph, replace, risk, t, trialMark } from './work-dom.js';
import { alarm, beep, say } from './work-signals.js';

const URGENT = ['emergency', 'crisis'];
let warnedOf = '';

export const next = el('div', { class: 'next', tabindex: '-1' });

// `state` as the stream tells it; `full`: as many talks as may be; `take(id)` claims.
export function showNext(state, { paused, full, take }) {
  const rows = paused ? [] : state.next;
  const [first] = rows;
  const urgent = Boolean(first) && URGENT.includes(first.risk);
  next.classList.toggle('urgent', urgent);
  const children = [el('h2', {}, t('next_title'))];
  if (paused) children.push(paragraph(t('next_paused')));
  else if (!first) children.push(paragraph(t('next_nobody')));
  else {
    children.push(row(first), button(t('next_take'), () => take(first.id), { class: 'take', disabled: full }));
    if (full) children.push(paragraph(t('next_full', { limit: config.account.limit }), { class: 'hint' }));
  }
  if (state.number !== undefined) {
    children.push(paragraph(t('next_number', { number: state.number }), { class: 'hint' }));
    if (rows.length > 1) children.push(el('ol', { class: 'queue', start: 2 }, rows.slice(1).map((one) => el('li', {}, row(one)))));
  }
  replace(next, children);
  if (first) warn(first, urgent);
}

function row(one) {
  const facts = [t(`language_${one.language}`), one.topic, one.network, one.for_you && t('for_you'), one.long && t('waits_long')];
  return el('div', { class: 'row-person' }, trialMark(one.trial), risk(one.risk), ' ', el('span', {}, facts.filter(Boolean).join(' · ')));
}

// Once for each person and each danger.
function warn(first, urgent) {
  if (warnedOf === first.id + first.risk) return;
  warnedOf = first.id + first.risk;
  const facts = [first.trial && t('trial'), t(`risk_${first.risk}`), t(`language_${first.language}`)].filter(Boolean).join(', ');
  if (urgent) alarm(`${t('next_urgent')} ${facts}`);
  else { say(`${t('next_waits')} ${facts}`); beep(660); }
}
