'use strict';

// nlp.js learns from train.json and answers ask.json: node run.js learn|answer FOLDER.
// It is told the language of each message, which nobody tells the other peers.

const fs = require('fs');
const path = require('path');
const { performance } = require('perf_hooks');
const { dockStart } = require('@nlpjs/basic');

const [step, folder] = process.argv.slice(2);
const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
const write = (name, value) =>
  fs.writeFileSync(path.join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));

function memory() {
  const peak = /VmHWM:\s+(\d+) kB/.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  return Number(peak[1]) / 1024;
}

async function engine() {
  const settings = { languages: ['fr', 'nl'], autoSave: false, autoLoad: false, nlu: { log: false } };
  const dock = await dockStart({ settings: { nlp: settings }, use: ['Basic', 'LangFr', 'LangNl'] });
  return dock.get('nlp');
}

async function learn() {
  const nlp = await engine();
  for (const row of read('train.json')) nlp.addDocument(row.lang, row.text, row.intent);
  const start = performance.now();
  await nlp.train();
  write('learned.json', { seconds: (performance.now() - start) / 1000 });
  write('model.nlp', nlp.export(false));
}

async function answer() {
  const nlp = await engine();
  nlp.import(fs.readFileSync(path.join(folder, 'model.nlp'), 'utf8'));
  const rows = read('ask.json');
  for (const row of rows.slice(0, 24)) await nlp.process(row.lang, row.text);
  const answers = { rankings: [], risks: rows.map(() => null), seconds: [] };
  for (const row of rows) {
    const start = performance.now();
    const found = await nlp.process(row.lang, row.text);
    answers.seconds.push((performance.now() - start) / 1000);
    const names = found.classifications.map((one) => one.intent).filter((name) => name !== 'None');
    answers.rankings.push(names.slice(0, 3));
  }
  write('answers.json', { ...answers, memory_mb: memory() });
}

(step === 'learn' ? learn : answer)().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
