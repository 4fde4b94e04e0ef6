import { execa } from 'execa';
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import type { RunTask } from '../../src/harness/campaign/engine.ts';
import { openLocalEngine, type LocalEngineOptions } from '../../src/wiring/campaign/local-engine.ts';
import { taskLine, wordIn, type WorkerWord } from '../../src/wiring/campaign/worker-words.ts';
import { inProcessEngine } from '../support/campaign/in-process-engine.ts';
import { builtId, isAlive, programHost, type ProgramHost } from '../support/campaign/program-host.ts';
import { NO_STOP, taskOf } from '../support/campaign/tasks.ts';
import { BIN } from '../support/program/run-mmbot.ts';

/** A run that is not over before it was killed. */
const LONG = { durationMs: 36_000_000 };

const BUILD = await builtId();

/** A worker that reads this, and the end of its stdin after it unless that `isOpen`. */
function worker(input: string, isOpen = false) {
  const stdin = isOpen ? { stdin: 'pipe' as const } : { input };
  const child = execa(process.execPath, [BIN, 'run-worker'], { ...stdin, reject: false });
  if (isOpen) child.stdin.write(input);
  return child;
}

function engineOn(host: ProgramHost, options: Partial<LocalEngineOptions> = {}) {
  return openLocalEngine(host, { build: BUILD, ...options });
}

test('a worker says its build and nothing else, and ends with its stdin', async () => {
  const { exitCode, stdout, stderr } = await worker('');
  expect([exitCode, stderr, stdout]).toEqual([0, '', `{"ready":"${BUILD}"}`]);
  expect(BUILD).toMatch(/^\d+\.\d+\.\d+\+[\da-f]{12}$/);
});

test.concurrent('every run of a process has the bytes of a run in this one, page and all', async ({ expect }) => {
  await using engine = engineOn(programHost(), { width: 1 });
  await using reference = inProcessEngine();
  const task = { ...taskOf('a'), wantsPage: true };
  const expected = await reference.run(task, NO_STOP);
  for (let i = 1; i <= 3; i += 1) expect(await engine.run(task, NO_STOP)).toEqual({ ...expected, cpuMs: expect.any(Number) as number });
  expect(JSON.parse(expected.kind === 'done' ? expected.result : '')).toMatchObject({ id: 'a', seed: '7', elapsedMs: 10_000, bug: null });
});

test.concurrent('a run whose process is killed in the middle has the result of one that was not', async ({ expect }) => {
  const host = programHost();
  const deaths: string[] = [];
  const onProgress = (_id: string, simulatedMs: number): void => {
    const started = host.started.length;
    // It has the task, and is not done with it after half a second.
    if (simulatedMs === 0 && started <= 2) setTimeout(() => host.started.at(started - 1)?.kill(), 500);
  };
  await using engine = engineOn(host, { width: 1, onProgress, onDeath: (_id, how) => deaths.push(how) });
  const task = taskOf('a', { durationMs: 60_000 });
  const [first, second] = [await engine.run(task, NO_STOP), await engine.run(task, NO_STOP)];
  expect(deaths).toEqual(['SIGKILL', 'SIGKILL']);
  expect(second).toEqual({ ...first, cpuMs: expect.any(Number) as number });
});

test.concurrent('a run that this machine cannot make rejects, and its process goes on', async ({ expect }) => {
  const host = programHost();
  await using engine = engineOn(host, { width: 1 });
  const { scenario } = taskOf('a').spec;
  const recording = { files: [{ path: 'not/here.zip', sha256: '0' }], queueModel: 'risk_averse' };
  const missing = taskOf('a', { scenario: { ...scenario, market: null, recording } });
  await expect(engine.run(missing, NO_STOP)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('not/here.zip') as string,
  });
  await expect(engine.run(taskOf('b', { settings: { 'no.such': '1' } }), NO_STOP)).rejects.toMatchObject({ exitCode: 2 });
  expect(await engine.run(taskOf('c'), NO_STOP)).toMatchObject({ kind: 'done' });
  expect(host.started).toHaveLength(1);
});

test.concurrent('closing in the middle of runs leaves no process', async ({ expect }) => {
  const host = programHost();
  const seen = new Set<string>();
  const engine = engineOn(host, { width: 2, onProgress: (id, simulatedMs) => simulatedMs > 0 && seen.add(id) });
  const runs = Promise.allSettled(['a', 'b'].map((id) => engine.run(taskOf(id, LONG), NO_STOP)));
  await vi.waitUntil(() => seen.size === 2, { timeout: 60_000 });
  await engine[Symbol.asyncDispose]();
  expect(host.started.map(({ pid }) => isAlive(pid))).toEqual([false, false]);
  for (const each of await runs) expect(each).toMatchObject({ status: 'rejected', reason: { code: 'engine_closed' } });
});

test.concurrent('a worker ends in the middle of a run when its parent is killed, and not by Ctrl-C', async ({ expect, onTestFinished }) => {
  const parent = startParent(taskOf('a', LONG));
  onTestFinished(() => void parent.child.kill('SIGKILL'));
  await vi.waitUntil(() => parent.words.some((word) => word.kind === 'progress' && word.simulatedMs > 0), { timeout: 60_000 });
  const pid = parent.workerPid();
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.kill(pid, signal);
  const heard = parent.words.length;
  await vi.waitUntil(() => parent.words.length > heard + 1, { timeout: 60_000 });
  expect(isAlive(pid)).toBe(true);
  parent.child.kill('SIGKILL');
  await vi.waitUntil(() => !isAlive(pid), { timeout: 20_000 });
});

test.concurrent('a worker that gets no task ends with its bug', async ({ expect }) => {
  const { exitCode, stdout, stderr } = await worker('{}\n', true);
  const words = stdout.split('\n').map(wordIn);
  expect([exitCode, stderr]).toEqual([70, '']);
  expect(words.at(-1)).toMatchObject({ kind: 'bug', message: expect.stringContaining('expected a task') as string });
});

/** A process that starts a worker as a campaign does, gives it one task, and shows what it says. */
function startParent(task: RunTask) {
  const main = pathToFileURL(BIN.replace('bin/mmbot.js', 'dist/main.js')).href;
  const source = `
    process.argv[1] = ${JSON.stringify(BIN)};
    const { processHost } = await import(${JSON.stringify(main)});
    const onLine = (line) => console.log(line);
    const worker = processHost().startBeside(['run-worker'], {}, { onLine, mayOutliveUs: false });
    console.log(worker.pid);
    worker.send(${JSON.stringify(taskLine(task))});
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  const words: WorkerWord[] = [];
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    words.splice(0, words.length, ...said.split('\n').flatMap((line) => wordIn(line) ?? []));
  });
  return { child, words, workerPid: () => Number(said.split('\n', 1)[0]) };
}
