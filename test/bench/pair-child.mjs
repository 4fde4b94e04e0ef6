// One run for pair.mjs, in a process of its own; sends back its user CPU in seconds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

process.once('message', (job) => void run(job));

async function run(job) {
  const seconds = await (job.script === undefined ? soaks(job) : script(job));
  process.send(seconds, () => process.exit());
}

/** The last of several soaks; the first counts from the start of the process. */
async function soaks({ main: program, args, times = 1, seed, out }) {
  const { main, processHost } = await import(program);
  const argv = ['soak', ...args.split(' '), '--clock', 'virtual', '--log-level', 'error', '--seed', seed, '--out', out];
  // Without what differs from run to run.
  const host = { ...processHost(), argv, cwd: tmpdir() };
  let before = 0;
  for (let run = 1; run <= times; run += 1) {
    if (run > 1) before = process.cpuUsage().user;
    await main(host);
  }
  return (process.cpuUsage().user - before) / 1e6;
}

/** A script of the other clone, bundled with that clone's source. */
async function script({ script: path, clone }) {
  const folder = mkdtempSync(join(tmpdir(), 'mmbot-pair-'));
  const bundle = await rolldown({
    cwd: clone,
    input: join(clone, path),
    platform: 'node',
    logLevel: 'silent',
    transform: { target: 'node20' },
  });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'script.mjs' });
  await bundle.close();
  const before = process.cpuUsage().user;
  await import(pathToFileURL(join(folder, 'script.mjs')).href);
  const seconds = (process.cpuUsage().user - before) / 1e6;
  rmSync(folder, { recursive: true });
  return seconds;
}
