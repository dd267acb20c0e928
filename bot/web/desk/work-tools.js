// Ready answers and the directory: both only ever put a draft into the box.
import { button, choice, config, el, paragraph, t, tick } from './work-dom.js';

// `desk` has get(path), language() of the present talk, insert(text), report(service).
export function tools(desk) {
  const panels = [['canned', canned(desk)], ['directory', directory(desk)]];
  const tabs = panels.map(([name], index) => button(t(`tab_${name}`), () => show(index), {
    role: 'tab', id: `tab-${name}`, 'aria-controls': `panel-${name}`, class: 'quiet',
  }));
  panels.forEach(([name, panel]) => {
    panel.node.id = `panel-${name}`;
    panel.node.setAttribute('role', 'tabpanel');
    panel.node.setAttribute('aria-labelledby', `tab-${name}`);
  });
  function show(chosen) {
    tabs.forEach((tab, index) => {
      tab.setAttribute('aria-selected', String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
      panels[index][1].node.hidden = index !== chosen;
    });
  }
  const list = el('div', { role: 'tablist', class: 'tabs', 'aria-label': t('tools') }, tabs);
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
    show(next);
    tabs[next].focus();
  });
  show(0);
  desk.onLanguage(() => panels.forEach(([, panel]) => panel.refresh()));
  return el('div', {}, list, panels.map(([, panel]) => panel.node));
}

function canned(desk) {
  let known = [];
  const find = el('input', { type: 'search', id: 'find-canned', autocomplete: 'off' });
  const list = el('div', { class: 'canned' });
  function refresh() {
    const language = desk.language();
    const wanted = find.value.trim().toLowerCase();
    const groups = new Map();
    for (const one of known) {
      const words = `${one.title[config.language]} ${one.text[language]}`.toLowerCase();
      if (wanted && !words.includes(wanted)) continue;
      groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
    }
    list.replaceChildren(...[...groups].flatMap(([group, ones]) => [
      el('h3', {}, t(`group_${group}`)),
      ...ones.map((one) => el('details', {},
        el('summary', {}, one.title[config.language]),
        el('p', { lang: language, class: 'draft' }, one.text[language]),
        button(t('insert'), () => desk.insert(one.text[language]), { class: 'quiet', 'aria-label': `${t('insert')}: ${one.title[config.language]}` }))),
    ]));
    if (!groups.size) list.append(paragraph(t('nothing_found')));
  }
  find.addEventListener('input', refresh);
  desk.get('canned').then(({ data }) => { known = data.canned ?? []; refresh(); });
  const node = el('div', {}, paragraph(t('canned_hint'), { class: 'hint' }),
    el('div', { class: 'field' }, el('label', { for: 'find-canned' }, t('find_canned')), find), list);
  return { node, refresh };
}

// `insert` is false where there is no talk to write in.
export function directory(desk, insert = true) {
  const where = el('input', { type: 'search', name: 'q', id: 'find-where', autocomplete: 'off', maxlength: 80 });
  const said = el('p', { class: 'hint', role: 'status' });
  const list = el('ul', { class: 'services' });
  const form = el(
    'form', {},
    el('div', { class: 'field' }, el('label', { for: 'find-where' }, t('find_where')), where),
    choice('need', t('find_need'), [['', t('any_need')], ...config.needs]),
    tick('open', t('open_now'), { value: '1' }),
    el('button', { class: 'quiet' }, t('find')),
  );
  async function search(event) {
    event?.preventDefault();
    const query = new URLSearchParams(new FormData(form));
    query.set('language', desk.language());
    const { ok, data } = await desk.get(`directory?${query}`);
    const found = data.services ?? [];
    list.replaceChildren(...found.map(card));
    const count = found.length ? t('found', { number: found.length }) : t('nothing_found');
    said.textContent = ok ? [data.commune, count].filter(Boolean).join(': ') : t('problem_failed');
  }
  function card(service) {
    const facts = [service.phone, service.hours].filter(Boolean).join(' · ');
    const state = { true: 'open', false: 'closed' }[service.open_now] ?? '';
    return el('li', { lang: desk.language() },
      el('p', { class: 'name' }, service.name), el('p', { class: `hours ${state}` }, facts),
      service.note ? el('p', { class: 'hint' }, service.note) : null,
      el('p', { class: 'hint' }, service.source),
      el('div', { class: 'actions' },
        insert ? button(t('insert'), () => desk.insert(line(service)), { class: 'quiet', 'aria-label': `${t('insert')}: ${service.name}`, lang: config.language }) : null,
        service.phone ? wrong(service) : null));
  }
  function wrong(service) {
    const report = button(t('wrong_number'), async () => {
      const { ok } = await desk.report(service.id);
      report.replaceWith(el('span', { class: 'hint', role: 'status', lang: config.language }, t(ok ? 'wrong_thanks' : 'problem_failed')));
    }, { class: 'quiet', 'aria-label': `${t('wrong_number')}: ${service.name}`, lang: config.language });
    return report;
  }
  form.addEventListener('submit', search);
  return {
    node: el('div', {}, form, said, list),
    refresh: () => { if (list.children.length) search(); },
  };
}

const line = (service) =>
  [service.name, service.phone ?? service.url, service.hours].filter(Boolean).join(' · ');
