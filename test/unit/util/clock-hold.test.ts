import { describe, expect, it } from 'vitest';
import { sleep, VirtualClock } from '../../../src/util/clock.ts';

/** Real work of the event loop, like a file call. */
function realWork(turns: number): Promise<void> {
  return new Promise((resolve) => {
    const turn = (left: number): void => (left === 0 ? resolve() : void setImmediate(() => turn(left - 1)));
    turn(turns);
  });
}

describe('virtual time', () => {
  it('stands still while it is held, and goes on when the work is done, well or not', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    const failing = async (): Promise<void> => {
      await realWork(20);
      seen.push(`failed at ${clock.now()}`);
      throw new Error('disk');
    };
    clock.schedule(10, () => {
      const work = realWork(50).then(() => seen.push(`done at ${clock.now()}`));
      clock.hold(work);
      const other = failing();
      other.catch(() => undefined);
      clock.hold(other);
    });
    clock.schedule(11, () => seen.push(`timer at ${clock.now()}`));
    await clock.run(sleep(clock, 20));
    expect(seen).toEqual(['failed at 10', 'done at 10', 'timer at 11']);
  });

  it('is held by work that begins while it is held', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    const first = realWork(5).then(() => clock.hold(realWork(30).then(() => seen.push(`second at ${clock.now()}`))));
    clock.hold(first);
    clock.schedule(1, () => seen.push('timer'));
    await clock.run(sleep(clock, 2));
    expect(seen).toEqual(['second at 0', 'timer']);
  });
});
