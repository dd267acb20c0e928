// What a counsellor decides about a talk; each decision is asked once more, with what will happen.
import { ask, choice, config, el, paragraph, t, tick } from './work-dom.js';

// The form without free text: it only counts.
export const countForm = () => [
  choice('who', t('form_who'), config.who), choice('outcome', t('form_outcome'), config.outcomes),
  tick('debrief', t('form_debrief')), paragraph(t('form_hint'), { class: 'hint' }),
];

export async function end(talk) {
  const how = el('fieldset', { class: 'field' }, el('legend', {}, t('end_how')),
    [['close', t('end_close')], ['return', t('end_return')]].map(([value, label], index) =>
      el('label', { class: 'choice' }, el('input', { type: 'radio', name: 'how', value, checked: index === 0 }), el('span', {}, label))));
  const given = await ask({ title: t('end_title', { name: talk.name }), body: [how, ...countForm()], yes: t('end_yes') });
  if (given && await talk.leaving('end', given)) talk.finish(given);
}

export async function release(talk) {
  const sure = await ask({ title: t('know_title'), body: [paragraph(t('know_what'))], yes: t('know_yes') });
  if (sure && await talk.leaving('release')) talk.desk.remove(talk);
}

export async function misuse(talk) {
  const sentence = config.sentences[talk.info.language].misuse_sentence;
  const body = [paragraph(t('misuse_what')), el('blockquote', { lang: talk.info.language }, sentence)];
  const sure = await ask({ title: t('misuse_title'), body, yes: t('misuse_yes'), danger: true });
  if (sure && await talk.leaving('misuse')) talk.finish({});
}

export async function handOver(talk) {
  const answer = await talk.desk.get(`talks/${talk.id}/colleagues`);
  const there = (answer.data.colleagues ?? []).map((one) => [one.id, one.alias]);
  const body = [
    paragraph(t('hand_over_what')),
    choice('to', t('hand_over_to'), [...there, ['anybody', t('hand_over_anybody')]]),
  ];
  const given = await ask({ title: t('hand_over_title'), body, yes: t('hand_over_yes') });
  if (given) await talk.act('transfer', given);
}

export async function askAddress(talk) {
  const { sheet } = config;
  const lines = [['sheet_decides', sheet.decides], ['sheet_calls', sheet.calls], ['sheet_recorded', sheet.recorded]];
  const body = [
    paragraph(t('address_what')), paragraph(t('address_kept')),
    el('dl', {}, lines.map(([key, value]) => [el('dt', {}, t(key)), el('dd', {}, value || t('sheet_empty'))])),
  ];
  if (await ask({ title: t('address_title'), body, yes: t('address_yes') })) await talk.act('address');
}

// Whether a second ready answer may go out as it is, right after a first one.
export const againUnchanged = () =>
  ask({ title: t('twice_title'), body: [paragraph(t('twice'))], yes: t('twice_yes'), no: t('twice_no'), careful: true });
