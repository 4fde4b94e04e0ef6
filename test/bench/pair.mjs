// Compares the build of this folder with that of another clone: `npm run bench:pair -- OTHER [CASE] [PAIRS]`. Build both before.
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FILES = ['journal.log', 'report.json'];
const CHILD = fileURLToPath(new URL('pair-child.mjs', import.meta.url));
const HERE = fileURLToPath(new URL('../..', import.meta.url));

/** Arguments of the soak; `times`: how many run in one process, of which the last is measured. */
const CASES = {
  hour: { args: '--profile s1 --duration 1h' },
  three: { args: '--profile s1 --duration 15m --symbols BTCUSDT,ETHUSDT,SOLUSDT' },
  conservative: { args: '--profile conservative --duration 1h' },
  heavy: { args: '--profile s1 --duration 15m --faults heavy' },
  third: { args: '--profile s1 --duration 15m', times: 3 },
  market: { script: 'test/bench/market-rounds.ts' },
};

const [other, name, pairs = '5'] = process.argv.slice(2);
if (other === undefined || (name !== undefined && CASES[name] === undefined)) {
  console.error(`expected: npm run bench:pair -- OTHER [${Object.keys(CASES).join(' | ')}] [PAIRS]`);
  process.exitCode = 2;
} else for (const [title, choice] of Object.entries(CASES)) if (name === undefined || name === title) await compare(title, choice);

async function compare(title, choice) {
  const folder = mkdtempSync(join(tmpdir(), 'mmbot-pair-'));
  const sides = [resolve(other), HERE];
  const seconds = [[], []];
  let same = 0;
  for (let pair = 1; pair <= Number(pairs); pair += 1) {
    // Each side is first every other time, and each pair has a seed of its own.
    for (const side of pair % 2 === 0 ? [0, 1] : [1, 0]) {
      const seen = await measured({ ...choice, clone: sides[side], seed: `${pair}`, out: join(folder, `${side}`) });
      seconds[side].push(seen);
    }
    if (choice.script === undefined && FILES.every((file) => isSame(join(folder, '0', file), join(folder, '1', file)))) same += 1;
  }
  rmSync(folder, { recursive: true });
  const [there, here] = seconds.map(median);
  const ratio = median(seconds[0].map((before, i) => before / seconds[1][i]));
  const bytes = choice.script === undefined ? `, journal and report the same bytes in ${same} of ${pairs}` : '';
  console.log(`${title}: ${ratio.toFixed(2)} times as fast; user CPU ${there.toFixed(2)} s there, ${here.toFixed(2)} s here${bytes}`);
}

/** User CPU of one run, s. */
function measured(job) {
  return new Promise((resolveWith, reject) => {
    const child = fork(CHILD, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    let seconds;
    child.on('message', (message) => {
      seconds = message;
    });
    child.on('close', () => (seconds === undefined ? reject(new Error(`no result: ${JSON.stringify(job)}`)) : resolveWith(seconds)));
    child.send({ ...job, main: pathToFileURL(join(job.clone, 'dist/main.js')).href });
  });
}

function isSame(a, b) {
  return readFileSync(a).equals(readFileSync(b));
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
