import { expect, test } from 'vitest';
import { EXIT, MmbotError } from '../../../../src/errors.ts';
import type { RunEngine, RunOutcome } from '../../../../src/harness/campaign/engine.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';
import { openLocalEngine, type LocalEngineOptions } from '../../../../src/wiring/campaign/local-engine.ts';
import { BUILD, ScriptedWorkers, type Fate, type ScriptedWorker } from '../../../support/campaign/scripted-workers.ts';
import { NO_STOP, taskOf } from '../../../support/campaign/tasks.ts';

interface Scene {
  readonly workers: ScriptedWorkers;
  readonly clock: VirtualClock;
  readonly engine: RunEngine;
  run(id: string, signal?: AbortSignal): Promise<RunOutcome>;
}

interface Fates {
  readonly start?: (index: number) => Fate;
  readonly run?: (id: string, worker: ScriptedWorker) => Fate;
  readonly runMs?: number;
}

/** Runs `play` with an engine on processes with these fates, in simulated time; none of them is left when the engine is closed. */
async function scene(
  { start = () => 'done', run = () => 'done', runMs = 1000 }: Fates,
  options: Partial<LocalEngineOptions>,
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  const clock = new VirtualClock(0);
  const workers = new ScriptedWorkers({ clock, start, run: ({ id }, worker) => run(id, worker), runMs });
  const engine = openLocalEngine(workers.host, { build: BUILD, clock, width: 2, ...options });
  const work = async (): Promise<void> => {
    await play({ workers, clock, engine, run: (id, signal = NO_STOP) => engine.run(taskOf(id), signal) });
    await engine[Symbol.asyncDispose]();
  };
  await clock.run(work());
  expect(workers.living).toBe(0);
}

const madeBy = (pid: number): RunOutcome => ({ kind: 'done', result: `made by ${pid}`, page: null, cpuMs: 1 });

test('many runs are made by as many processes as there is width, each of which takes run after run', () =>
  scene({}, {}, async ({ workers, run, clock }) => {
    const outcomes = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => run(id)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'done'));
    expect(workers.workers.map(({ tasks }) => tasks)).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd'],
    ]);
    expect(clock.monotonic()).toBe(3200);
  }));

test('a process that is warm takes the next run; none starts before it is needed', () =>
  scene({}, { width: 8 }, async ({ workers, run }) => {
    expect(workers.workers).toEqual([]);
    expect(await run('a')).toEqual(madeBy(0));
    expect(await run('b')).toEqual(madeBy(0));
  }));

test('a run whose process dies is made again, before those that wait', async () => {
  const deaths: string[] = [];
  const run = (id: string, { pid }: ScriptedWorker): Fate => (id === 'a' && pid === 0 ? { dies: 'SIGKILL' } : 'done');
  const onDeath = (id: string, how: string): void => void deaths.push(`${id} ${how}`);
  await scene({ run }, { width: 1, onDeath }, async ({ workers, run }) => {
    const outcomes = await Promise.all([run('a'), run('b')]);
    expect(outcomes).toEqual([madeBy(1), madeBy(1)]);
    expect(workers.workers.map(({ tasks }) => tasks)).toEqual([['a'], ['a', 'b']]);
  });
  expect(deaths).toEqual(['a SIGKILL']);
});

test('a run that ends its process three times is lost, with what ended it; the others are made', () => {
  const ends: Fate[] = [{ dies: 'SIGKILL' }, { dies: 'exit 134' }, { dies: 'SIGKILL' }];
  return scene({ run: (id) => (id === 'a' ? (ends.shift() ?? 'done') : 'done') }, { width: 1 }, async ({ run }) => {
    const [lost, other] = await Promise.all([run('a'), run('b')]);
    expect(lost).toEqual({ kind: 'lost', reason: 'its process ended 3 times: SIGKILL; exit 134' });
    expect(other).toEqual(madeBy(3));
  });
});

test('a bug that ends a process is the reason', () => {
  const run = (_id: string, worker: ScriptedWorker): Fate => {
    worker.bug('this cannot be');
    return { dies: 'exit 70' };
  };
  return scene({ run }, {}, async ({ run }) => {
    expect(await run('a')).toEqual({ kind: 'lost', reason: 'its process ended 3 times: this cannot be' });
  });
});

test('a run without a sign of progress for a minute hangs: its process is killed', () => {
  const run = (_id: string, { pid }: ScriptedWorker): Fate => (pid === 0 ? 'hang' : 'done');
  return scene({ run }, { onDeath: (_id, how) => expect(how).toBe('it hung for 60 s') }, async ({ run, clock, workers }) => {
    expect(await run('a')).toEqual(madeBy(1));
    expect([workers.living, clock.monotonic()]).toEqual([1, expect.closeTo(62_400, -3)]);
  });
});

test('a long run that makes progress is left alone, and so is a process without a run', () => {
  const seen: number[] = [];
  const run = (id: string, worker: ScriptedWorker): Fate => {
    for (let i = 1; i <= 9; i += 1) worker.later(i * 50_000, { kind: 'progress', id, simulatedMs: i });
    return 'done';
  };
  const onProgress = (_id: string, simulatedMs: number): void => void seen.push(simulatedMs);
  return scene({ run, runMs: 500_000 }, { onProgress }, async ({ run, clock }) => {
    expect(await run('a')).toEqual(madeBy(0));
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await sleep(clock, 1_000_000);
    expect(await run('b')).toEqual(madeBy(0));
  });
});

test('a process is replaced after so many runs', () =>
  scene({}, { width: 1, runsPerChild: 2 }, async ({ run, workers }) => {
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => run(id)));
    expect(workers.workers.map(({ tasks }) => tasks)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  }));

test('a process that has become too large is replaced', () => {
  const run = (id: string, worker: ScriptedWorker): Fate => {
    worker.memoryBytes = id === 'b' ? 101 : 100;
    return 'done';
  };
  return scene({ run }, { width: 1, mostMemoryBytes: 100 }, async ({ run, workers }) => {
    for (const id of ['a', 'b', 'c']) await run(id);
    expect(workers.workers.map(({ tasks }) => tasks)).toEqual([['a', 'b'], ['c']]);
  });
});

test('a run that this machine cannot make rejects with its error, and its process goes on', () => {
  const error = new MmbotError({ code: 'recording_changed', exitCode: EXIT.usage, message: 'another file', hint: 'copy it' });
  const run = (id: string): Fate => (id === 'a' ? { says: { kind: 'failed', id, error } } : 'done');
  return scene({ run }, {}, async ({ run }) => {
    await expect(run('a')).rejects.toEqual(error);
    expect(await run('b')).toEqual(madeBy(0));
  });
});

test('when no process can be started, everything ends with the reason instead of further starts', () =>
  scene({ start: () => ({ dies: 'spawn ENOMEM' }) }, { width: 4 }, async ({ run, workers }) => {
    const runs = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((id) => run(id)));
    for (const each of runs) expect(each).toMatchObject({ reason: { code: 'workers_not_started', exitCode: 2 } });
    expect(runs[0]).toMatchObject({ reason: { message: expect.stringContaining('spawn ENOMEM') as string } });
    expect(workers.workers.length).toBeLessThanOrEqual(12);
    await expect(run('f')).rejects.toMatchObject({ code: 'workers_not_started' });
  }));

test('a process that is silent when it starts counts as not started', () =>
  scene({ start: () => 'hang' }, { width: 1 }, async ({ run, workers }) => {
    await expect(run('a')).rejects.toMatchObject({ code: 'workers_not_started' });
    expect(workers.workers.length).toBe(3);
  }));

test('where the machine has room for one process only, that one makes all runs', () =>
  scene({ start: (i) => (i === 0 ? 'done' : { dies: 'spawn EAGAIN' }) }, { width: 4 }, async ({ run, workers }) => {
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => run(String(i))));
    expect(outcomes).toEqual(Array.from({ length: 100 }, () => madeBy(0)));
    // In 100 seconds, with pauses up to 30 s.
    expect(workers.workers.length).toBeLessThan(40);
  }));

test('a process of another build is refused', () =>
  scene({ start: () => ({ says: { kind: 'ready', build: 'test+1' } }) }, {}, async ({ run }) => {
    await expect(run('a')).rejects.toMatchObject({ code: 'build_changed', message: expect.stringContaining('test+1') as string });
  }));

test('an aborted run ends at once, whether it waits or runs, and the others go on', () =>
  scene({ runMs: 10_000 }, { width: 1 }, async ({ run, clock, workers }) => {
    const stop = new AbortController();
    const runs = Promise.allSettled([run('a', stop.signal), run('b', stop.signal), run('c')]);
    await sleep(clock, 5000);
    stop.abort(new Error('enough'));
    const enough = { status: 'rejected', reason: new Error('enough') };
    expect(await runs).toEqual([enough, enough, { status: 'fulfilled', value: madeBy(1) }]);
    expect(workers.workers.map(({ tasks }) => tasks)).toEqual([['a'], ['c']]);
    await expect(run('d', stop.signal)).rejects.toThrow('enough');
  }));

test('a run that is aborted while its process starts is not made', () =>
  scene({}, { width: 1 }, async ({ run, clock, workers }) => {
    const stop = new AbortController();
    const aborted = Promise.allSettled([run('a', stop.signal)]);
    await sleep(clock, 100);
    stop.abort(new Error('enough'));
    await aborted;
    expect(await run('b')).toEqual(madeBy(0));
    expect(workers.workers.map(({ tasks }) => tasks)).toEqual([['b']]);
  }));

test('closing ends what runs and what waits', () =>
  scene({ runMs: 10_000 }, { width: 1 }, async ({ engine, run, clock }) => {
    const runs = Promise.allSettled([run('a'), run('b')]);
    await sleep(clock, 5000);
    await engine[Symbol.asyncDispose]();
    for (const each of await runs) expect(each).toMatchObject({ reason: { code: 'engine_closed' } });
    await expect(run('c')).rejects.toMatchObject({ code: 'engine_closed' });
  }));
