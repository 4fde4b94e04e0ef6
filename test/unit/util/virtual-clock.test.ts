import { describe, expect, it } from 'vitest';
import { every, sleep, VirtualClock } from '../../../src/util/clock.ts';

/** Work of many steps without any timer. */
async function manySteps(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await Promise.resolve();
}

describe('virtual time', () => {
  it('does not move while tasks can run, however many steps they take', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.schedule(1, () => void manySteps(10_000).then(() => seen.push(`promises at ${clock.now()}`)));
    const tick = (left: number): void => {
      if (left === 0) seen.push(`ticks at ${clock.now()}`);
      else process.nextTick(() => void manySteps(3).then(() => tick(left - 1)));
    };
    clock.schedule(2, () => tick(1000));
    clock.schedule(3, () => seen.push(`timer at ${clock.now()}`));
    await clock.run(sleep(clock, 4));
    expect(seen).toEqual(['promises at 1', 'ticks at 2', 'timer at 3']);
  });

  it('waits at the end of one run for what its caller does, while another run goes on', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    const long = clock.run(sleep(clock, 1000)).then(() => seen.push(`long at ${clock.now()}`));
    every(clock, 1, () => undefined);
    for (const ms of [10, 5]) {
      await clock.run(sleep(clock, ms));
      await manySteps(100);
      seen.push(`short at ${clock.now()}`);
    }
    await long;
    expect(seen).toEqual(['short at 10', 'short at 15', 'long at 1000']);
  });

  it('lets real callbacks through during a long run', async () => {
    const clock = new VirtualClock(0);
    let timers = 0;
    every(clock, 1, () => {
      timers += 1;
    });
    const real = new Promise<number>((resolve) => void setImmediate(() => resolve(timers)));
    const stopped = new AbortController();
    void real.then(() => stopped.abort());
    await clock.run(sleep(clock, 1e9, stopped.signal));
    expect(await real).toBeLessThan(100);
    expect(timers).toBeLessThan(200);
  });

  it('notices a signal', async () => {
    const clock = new VirtualClock(0);
    every(clock, 1, () => undefined);
    const stopped = new AbortController();
    process.once('SIGUSR2', () => stopped.abort());
    clock.schedule(1000, () => process.kill(process.pid, 'SIGUSR2'));
    await clock.run(sleep(clock, 1e9, stopped.signal));
    expect(clock.monotonic()).toBeLessThan(1e6);
  });

  it('fails in every run when a task throws, and can run again', async () => {
    const clock = new VirtualClock(0);
    clock.schedule(5, () => {
      throw new Error('planted');
    });
    const runs = [clock.run(sleep(clock, 10)), clock.run(sleep(clock, 20))];
    expect(await Promise.allSettled(runs)).toMatchObject([{ reason: { message: 'planted' } }, { reason: { message: 'planted' } }]);
    await clock.run(sleep(clock, 1));
    expect(clock.monotonic()).toBe(6);
  });

  it('stands still when every task waits and no timer is set', async () => {
    const clock = new VirtualClock(0);
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('stands still');
  });

  it('runs what was not canceled in order, however much was canceled', async () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    const cancels = Array.from({ length: 1000 }, (_, i) => clock.schedule((i * 7919) % 1000, () => seen.push((i * 7919) % 1000)));
    for (const [i, cancel] of cancels.entries()) if (i % 10 !== 0) cancel();
    await clock.run(sleep(clock, 1000));
    expect(seen).toHaveLength(100);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    for (const cancel of cancels) cancel();
    await clock.run(sleep(clock, 1));
    expect(clock.monotonic()).toBe(1001);
  });
});
