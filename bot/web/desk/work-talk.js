// One talk: what was said, the box to write in, what the gateway tells of it, and its end.
import * as acts from './work-acts.js';
import { button, clock, config, el, paragraph, risk, t } from './work-dom.js';
import { afterForm } from './work-ended.js';

const LONGEST = 4000;
const TYPING_EVERY = 3000;
const TYPING_LASTS = 6000;
const WAITING_AFTER = 6000;
// After an exit the last words stay on the screen for so long; the visitor was told so.
const KEPT_AFTER_EXIT = 15 * 60 * 1000;
const RISKS = ['emergency', 'crisis', 'child', 'raised', 'none'];
const HEAVY = ['emergency', 'crisis', 'child'];
// So near to the end of what was said, new words move it (pixels).
const NEAR = 120;

// A star stands for any ending.
const hard = [...config.graphic.fr, ...config.graphic.nl].map((word) => word.replace('*', '\\p{L}*'));
const GRAPHIC = new RegExp(`(?<!\\p{L})(${hard.join('|')})(?!\\p{L})`, 'giu');
const moment = (entry) => Number(entry.split('-')[0]);

function blurred(text) {
  return text.split(GRAPHIC).map((part, index) => {
    if (index % 2 === 0) return part;
    const cover = button('', () => cover.replaceWith(part), { class: 'graphic', 'aria-label': t('graphic') });
    cover.append(el('span', { 'aria-hidden': 'true' }, part));
    return cover;
  });
}

export class Talk {
  // `desk` has post, get, changed(talk), say(text), alarm(text), remove(talk), open(talk), offerPause().
  constructor(info, letter, desk) {
    this.id = info.id;
    this.letter = letter;
    this.desk = desk;
    this.info = { ...info, risk: 'none', took: '', typing: 0, has_address: false };
    this.name = t(info.trial ? 'trial_name' : 'person', { letter });
    this.unread = 0;
    this.heavy = false;
    this.kinds = [];
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
    this.atEnd = true;
    this.log.addEventListener('scroll', () => { this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR; });
    // An alarm, an address or "writes…" takes height away: the last words stay in sight.
    new ResizeObserver(() => this.follow()).observe(this.log);
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
        button(t('ask_address'), () => acts.askAddress(this), { class: 'quiet' }),
        button(t('know'), () => acts.release(this), { class: 'quiet' }),
        button(t('misuse'), () => acts.misuse(this), { class: 'quiet' })),
    );
    this.more.addEventListener('click', (event) => {
      if (event.target.tagName === 'BUTTON') this.more.open = false;
    });
    this.tools = el(
      'div', { class: 'talk-tools' },
      button(t('end'), () => acts.end(this)), button(t('hand_over'), () => acts.handOver(this), { class: 'quiet' }), this.more,
    );
    this.heading = el('h2', { tabindex: '-1' }, this.name, ' ', this.chip);
    this.node = el(
      'section', { class: 'talk', 'aria-label': this.name },
      el('div', { class: 'talk-head' }, el('div', {}, this.heading, this.facts), this.tools),
      this.info.trial ? paragraph(t('trial_what'), { class: 'trial-what' }) : null,
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
      t(`language_${info.language}`), info.topic, info.network, info.minor && t('minor'),
    ].filter(Boolean).join(' · ');
    // A page that has just connected again knows of no kinds: those that were named stay.
    const kinds = info.kinds?.length ? info.kinds : this.kinds;
    const more = kinds.join() !== this.kinds.join();
    this.kinds = kinds;
    if (HEAVY.includes(info.risk) && (more || RISKS.indexOf(info.risk) < RISKS.indexOf(before.risk))) this.raised();
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
    const words = t(`raised_${this.info.risk}`);
    const kinds = this.kinds.length ? t('raised_kinds', { kinds: this.kinds.join(' ; ') }) : t('raised_unnamed');
    this.alert.replaceChildren(el('div', {}, paragraph(words), paragraph(kinds, { class: 'kinds' })), this.lowerButton);
    this.desk.alarm(`${this.name}: ${words} ${kinds}`);
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
    this.log.append(node);
    this.follow();
  }

  // Who has scrolled up to read isn't moved.
  follow() {
    if (this.atEnd) this.log.scrollTop = this.log.scrollHeight;
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
      if (!await acts.againUnchanged()) { this.box.focus(); return; }
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
    this.atEnd = true;
    this.follow();
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

  // `how` is the state that the talk came to, or "left": the visitor has gone altogether. What is
  // left of the talk steps aside as a short note, unless somebody may have to send help now.
  ended(how) {
    this.over = how;
    const needed = how === 'left' && (this.heavy || this.info.has_address);
    this.composer.hidden = true;
    this.tools.hidden = true;
    this.typing.hidden = true;
    this.alert.replaceChildren();
    this.after = afterForm(this, how, needed);
    if (how === 'left') this.keptUntil = setTimeout(() => { this.wipe(); this.after.wordsGone(); }, KEPT_AFTER_EXIT);
    else this.wipe();
    if (needed) this.node.append(this.after);
    else this.aside = el('li', { class: 'aside' }, this.after);
  }

  wipe() {
    clearTimeout(this.keptUntil);
    this.log.replaceChildren();
    this.summary.replaceChildren();
    this.addressBox.replaceChildren();
    this.box.value = '';
  }
}
