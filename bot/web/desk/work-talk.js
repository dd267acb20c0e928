// One talk: what was said, the box to write in, and everything that can be done with it.
import { ask, button, choice, clock, config, el, paragraph, t, tick } from './work-dom.js';

const LONGEST = 4000;
const TYPING_EVERY = 3000;
const TYPING_LASTS = 6000;
const WAITING_AFTER = 6000;
// After an exit the last words stay on the screen for so long; the visitor was told so.
const KEPT_AFTER_EXIT = 15 * 60 * 1000;
const RISKS = ['emergency', 'crisis', 'child', 'raised', 'none'];
const HEAVY = ['emergency', 'crisis', 'child'];
const URGENT = ['emergency', 'crisis'];

// A star stands for any ending.
const hard = [...config.graphic.fr, ...config.graphic.nl].map((word) => word.replace('*', '\\p{L}*'));
const GRAPHIC = new RegExp(`(?<!\\p{L})(${hard.join('|')})(?!\\p{L})`, 'giu');
const moment = (entry) => Number(entry.split('-')[0]);

export const risk = (level) => el('span', { class: `risk ${level}` }, t(`risk_${level}`));

function blurred(text) {
  return text.split(GRAPHIC).map((part, index) => {
    if (index % 2 === 0) return part;
    const cover = button('', () => cover.replaceWith(part), { class: 'graphic', 'aria-label': t('graphic') });
    cover.append(el('span', { 'aria-hidden': 'true' }, part));
    return cover;
  });
}

export class Talk {
  // `desk` has post, get, changed(talk), say(text), alarm(text), remove(talk), pause().
  constructor(info, letter, desk) {
    this.id = info.id;
    this.letter = letter;
    this.desk = desk;
    this.info = { ...info, risk: 'none', took: '', typing: 0, has_address: false };
    this.name = t('person', { letter });
    this.unread = 0;
    this.heavy = false;
    this.over = null;
    this.mine = false;
    this.seen = new Set();
    this.own = new Map();
    this.unchanged = false;
    this.inserted = null;
    this.build();
    this.update(info);
  }

  build() {
    this.chip = el('span', {});
    this.alert = el('div', { class: 'alarm-box', role: 'alert' });
    this.facts = el('p', { class: 'hint' });
    this.summary = el('div', { class: 'summary' });
    this.addressBox = el('div', { class: 'address', 'aria-live': 'polite' });
    this.log = el('div', { class: 'log', role: 'log', 'aria-label': t('log_label', { name: this.name }), tabindex: '0' });
    this.typing = el('p', { class: 'typing', hidden: true }, t('typing', { name: this.name }));
    this.box = el('textarea', { id: `box-${this.id}`, rows: '3', maxlength: LONGEST, lang: this.info.language });
    this.box.addEventListener('input', () => this.sign());
    this.box.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.composer.requestSubmit();
      }
    });
    this.problem = el('p', { class: 'problem', role: 'alert' });
    this.composer = el(
      'form', { class: 'composer' },
      el('label', { for: this.box.id }, t('box', { name: this.name, language: t(`in_${this.info.language}`) })),
      this.box,
      el('div', { class: 'row' }, el('span', { class: 'hint keys' }, t('keys')), el('button', {}, t('send'))),
      this.problem,
    );
    this.composer.addEventListener('submit', (event) => { event.preventDefault(); this.send(); });
    this.lowerButton = button(t('lower'), () => this.act('lower'), { class: 'quiet' });
    this.more = el(
      'details', { class: 'more' }, el('summary', {}, t('more')),
      el('div', { class: 'more-list' },
        button(t('ask_address'), () => this.askAddress(), { class: 'quiet' }),
        button(t('know'), () => this.release(), { class: 'quiet' }),
        button(t('misuse'), () => this.misuse(), { class: 'quiet' })),
    );
    this.more.addEventListener('click', (event) => {
      if (event.target.tagName === 'BUTTON') this.more.open = false;
    });
    this.tools = el(
      'div', { class: 'talk-tools' },
      button(t('end'), () => this.end()), button(t('hand_over'), () => this.handOver(), { class: 'quiet' }), this.more,
    );
    this.heading = el('h2', { tabindex: '-1' }, this.name, ' ', this.chip);
    this.node = el(
      'section', { class: 'talk', 'aria-label': this.name },
      el('div', { class: 'talk-head' }, el('div', {}, this.heading, this.facts), this.tools),
      this.alert, this.addressBox, this.summary, this.log, this.typing, this.composer,
    );
  }

  // --- what the gateway tells

  update(info) {
    const before = this.info;
    this.info = info;
    this.heavy ||= HEAVY.includes(info.risk);
    this.chip.replaceChildren(risk(info.risk));
    this.facts.textContent = [
      t(`language_${info.language}`), info.topic, info.network, info.minor && t('minor'), info.trial && t('trial'),
    ].filter(Boolean).join(' · ');
    if (RISKS.indexOf(info.risk) < RISKS.indexOf(before.risk) && info.risk !== 'raised') this.raised();
    if (!HEAVY.includes(info.risk)) this.alert.replaceChildren();
    if (!this.summarised && (info.summary || info.share === 'nothing')) {
      this.summarised = true;
      this.summary.append(paragraph(info.summary ? t('summary', { summary: info.summary }) : t('share_nothing')));
    }
    this.summary.querySelector('.sealed')?.remove();
    if (info.sealed) this.summary.append(paragraph(t('sealed'), { class: 'sealed' }));
    if (info.proposed && info.proposed !== before.proposed) this.note(t('proposed', { to: info.proposed }));
    if (info.asked_address && !before.asked_address) this.note(t('address_asked'));
    if (info.has_address && !before.has_address) this.showAddress();
    if (!info.has_address && before.has_address) this.addressBox.replaceChildren();
    if (info.typing && info.typing !== before.typing) this.types();
    if (info.took !== before.took) this.delivered();
  }

  raised() {
    const words = t(URGENT.includes(this.info.risk) ? 'raised_urgent' : 'raised_child');
    this.alert.replaceChildren(paragraph(words), this.lowerButton);
    this.desk.alarm(`${this.name}: ${words}`);
  }

  types() {
    this.typing.hidden = false;
    clearTimeout(this.typed);
    this.typed = setTimeout(() => { this.typing.hidden = true; }, TYPING_LASTS);
  }

  add(words) {
    for (const word of words) {
      if (this.seen.has(word.id)) continue;
      this.seen.add(word.id);
      this.bubble(word);
      if (word.from === 'visitor') {
        this.typing.hidden = true;
        this.unread += 1;
      }
    }
    this.desk.changed(this, words.some((word) => word.from === 'visitor'));
  }

  bubble(word) {
    const mine = word.from === 'counsellor';
    const author = mine ? config.account.alias : word.from === 'visitor' ? this.name : t(`author_${word.from}`);
    const parts = word.from === 'visitor' ? blurred(word.text) : [word.text];
    const state = mine ? el('span', { class: 'state' }) : null;
    this.append(el(
      'div', { class: `said by-${word.from}` },
      el('p', { class: 'author' }, `${author}, ${clock(word.at)} `, state),
      el('p', { class: 'bubble', lang: this.info.language, dir: 'auto' }, ...parts),
    ));
    if (mine && word.id) {
      this.own.set(word.id, state);
      this.delivered();
      setTimeout(() => this.delivered(), WAITING_AFTER + 100);
    }
  }

  delivered() {
    const took = this.info.took ? moment(this.info.took) : 0;
    for (const [id, state] of this.own) {
      const old = Date.now() - moment(id) > WAITING_AFTER;
      const key = moment(id) <= took ? 'delivered' : old ? 'waiting' : 'sent';
      state.textContent = t(key);
      state.className = `state ${key}`;
      if (key === 'delivered') this.own.delete(id);
    }
  }

  append(node) {
    const near = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 120;
    this.log.append(node);
    if (near) this.log.scrollTop = this.log.scrollHeight;
  }

  note(text, kind = '') {
    this.append(paragraph(text, { class: `note ${kind}` }));
  }

  // --- what the counsellor does

  async act(name, body = {}) {
    const answer = await this.desk.post(`talks/${this.id}/${name}`, body);
    if (!answer.ok) this.desk.say(t(`problem_${answer.code}`) ?? t('problem_failed'));
    return answer.ok;
  }

  sign() {
    if (Date.now() - (this.signed ?? 0) < TYPING_EVERY || !this.box.value) return;
    this.signed = Date.now();
    this.desk.post(`talks/${this.id}/typing`);
  }

  insert(text) {
    const empty = !this.box.value.trim();
    this.box.value = empty ? text : `${this.box.value.trimEnd()}\n${text}`;
    this.inserted = empty ? text : null;
    this.box.focus();
  }

  async send() {
    const text = this.box.value.trim();
    if (!text || this.sending) return;
    const unchanged = text === this.inserted?.trim();
    if (unchanged && this.unchanged) {
      const sure = await ask({ title: t('twice_title'), body: [paragraph(t('twice'))], yes: t('twice_yes'), no: t('twice_no'), careful: true });
      if (!sure) { this.box.focus(); return; }
    }
    this.sending = true;
    // The same words under the same key are said once, however often they are sent.
    if (this.attempt?.text !== text) this.attempt = { text, key: crypto.randomUUID() };
    const answer = await this.desk.post(`talks/${this.id}/say`, this.attempt);
    this.sending = false;
    this.problem.textContent = answer.ok ? '' : t('not_sent');
    if (!answer.ok) return;
    if (!answer.data.kept) this.bubble({ from: 'counsellor', text, at: Date.now(), id: '' });
    this.attempt = null;
    this.unchanged = unchanged;
    this.inserted = null;
    if (this.box.value.trim() === text) this.box.value = '';
    this.log.scrollTop = this.log.scrollHeight;
  }

  form() {
    return [
      choice('who', t('form_who'), config.who), choice('outcome', t('form_outcome'), config.outcomes),
      tick('debrief', t('form_debrief')), paragraph(t('form_hint'), { class: 'hint' }),
    ];
  }

  async end() {
    const how = el('fieldset', { class: 'field' }, el('legend', {}, t('end_how')),
      [['close', t('end_close')], ['return', t('end_return')]].map(([value, label], index) =>
        el('label', { class: 'choice' }, el('input', { type: 'radio', name: 'how', value, checked: index === 0 }), el('span', {}, label))));
    const given = await ask({ title: t('end_title', { name: this.name }), body: [how, ...this.form()], yes: t('end_yes') });
    if (given && await this.leaving('end', given)) this.finish(given);
  }

  async leaving(name, body) {
    this.mine = true;
    this.mine = await this.act(name, body);
    return this.mine;
  }

  async finish(given) {
    if (given.debrief) await this.desk.post('debrief');
    this.desk.remove(this);
    if (this.heavy || given.debrief) this.desk.offerPause();
  }

  async release() {
    const sure = await ask({ title: t('know_title'), body: [paragraph(t('know_what'))], yes: t('know_yes') });
    if (sure && await this.leaving('release')) this.desk.remove(this);
  }

  async misuse() {
    const sentence = config.sentences[this.info.language].misuse_sentence;
    const body = [paragraph(t('misuse_what')), el('blockquote', { lang: this.info.language }, sentence)];
    const sure = await ask({ title: t('misuse_title'), body, yes: t('misuse_yes'), danger: true });
    if (sure && await this.leaving('misuse')) this.finish({});
  }

  async handOver() {
    const answer = await this.desk.get(`talks/${this.id}/colleagues`);
    const anybody = ['anybody', t('hand_over_anybody')];
    const there = (answer.data.colleagues ?? []).map((one) => [one.id, one.alias]);
    const body = [paragraph(t('hand_over_what')), choice('to', t('hand_over_to'), [...there, anybody])];
    const given = await ask({ title: t('hand_over_title'), body, yes: t('hand_over_yes') });
    if (given) await this.act('transfer', given);
  }

  async askAddress() {
    const { sheet } = config;
    const lines = [['sheet_decides', sheet.decides], ['sheet_calls', sheet.calls], ['sheet_recorded', sheet.recorded]];
    const body = [
      paragraph(t('address_what')), paragraph(t('address_kept')),
      el('dl', {}, lines.map(([key, value]) => [el('dt', {}, t(key)), el('dd', {}, value || t('sheet_empty'))])),
    ];
    if (await ask({ title: t('address_title'), body, yes: t('address_yes') })) await this.act('address');
  }

  async showAddress() {
    const { data } = await this.desk.get(`talks/${this.id}/address`);
    if (!data.address || !this.info.has_address) return;
    const id = `address-${this.id}`;
    this.addressBox.replaceChildren(
      el('label', { for: id }, t('address_label')),
      el('output', { id }, data.address), paragraph(t('address_hint'), { class: 'hint' }),
    );
    this.desk.alarm(`${this.name}: ${t('address_label')}`);
  }

  // --- the end

  // `how` is the state that the talk came to, or "left": the visitor has gone altogether.
  ended(how) {
    this.over = how;
    this.composer.hidden = true;
    this.tools.hidden = true;
    this.typing.hidden = true;
    this.alert.replaceChildren();
    if (how === 'left') this.keptUntil = setTimeout(() => this.wipe(), KEPT_AFTER_EXIT);
    else this.wipe();
    const key = { left: 'ended_left', withdrawn: 'ended_withdrawn', waiting: 'ended_waiting', active: 'ended_waiting' }[how] ?? 'ended_other';
    const form = el('form', { class: 'after' }, paragraph(t(key)));
    if (how === 'left' || how === 'withdrawn') form.append(...this.form());
    form.append(el('div', { class: 'actions' }, el('button', {}, t('put_away'))));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const given = Object.fromEntries(new FormData(form));
      if (given.who) await this.desk.post(`talks/${this.id}/after`, given);
      this.finish(given);
    });
    this.node.append(form);
  }

  wipe() {
    clearTimeout(this.keptUntil);
    this.log.replaceChildren();
    this.summary.replaceChildren();
    this.addressBox.replaceChildren();
    this.box.value = '';
  }
}
