import { describe, expect, test } from 'vitest';
import { BotWatch } from '../../../../src/commands/guard/bot-watch.ts';
import { BEAT, DONE, handoverLine } from '../../../../src/commands/guard/words.ts';
import { every, sleep, VirtualClock } from '../../../../src/util/clock.ts';

const HANDOVER = {
  credentials: { apiKey: 'key', secret: 'hush' },
  isShared: false,
  names: ['a-guard', 'b-guard'],
  emergency: { lead: 'run', command: 'mmbot cancel-all --venue testnet --force' },
};

function scene() {
  const clock = new VirtualClock(0);
  const said: string[] = [];
  const watch = new BotWatch(clock, (word) => void said.push(word));
  return { clock, said, watch };
}

/** A clock whose owner stands still: time has passed, and all that was due comes at once. */
function pausable(clock: VirtualClock) {
  let pausedMs = 0;
  return {
    clock: { now: () => clock.now(), monotonic: () => clock.monotonic() + pausedMs, schedule: clock.schedule.bind(clock) },
    standStill: (ms: number) => void (pausedMs += ms),
  };
}

describe('the guard’s watch', () => {
  test('takes the key and the names from the first line, and nothing else for one', async () => {
    const { watch } = scene();
    watch.heard(handoverLine(HANDOVER));
    watch.heard(handoverLine({ ...HANDOVER, names: ['c'] }));
    expect(await watch.handover).toEqual(HANDOVER);
    for (const line of [BEAT, '{}', '[]', '{"apiKey":"key"}', '{"apiKey":"","secret":"x"}']) {
      const other = scene();
      other.watch.heard(line);
      expect(await other.watch.handover).toBeUndefined();
    }
  });

  test('a bot that ends before its first line needs no guard', async () => {
    const { watch } = scene();
    watch.gone();
    expect(await watch.handover).toBeUndefined();
  });

  test('answers each beat once it is ready, and ends when it is told to', async () => {
    const { clock, watch, said } = scene();
    watch.heard(BEAT);
    expect(said).toEqual([]);
    const ending = watch.begin();
    const stop = every(clock, 250, () => watch.heard(BEAT));
    clock.schedule(10_000, () => {
      stop();
      watch.heard(DONE);
    });
    expect(await clock.run(ending)).toBe('done');
    expect(said.length).toBeGreaterThanOrEqual(40);
  });

  test('a bot that ends without its last message has died; one that is silent for two seconds hangs', async () => {
    const first = scene();
    const died = first.watch.begin();
    first.clock.schedule(500, () => first.watch.gone());
    expect(await first.clock.run(died)).toBe('bot_died');
    const second = scene();
    expect(await second.clock.run(second.watch.begin())).toBe('bot_hangs');
    expect(second.clock.monotonic()).toBeGreaterThan(2000);
    expect(second.clock.monotonic()).toBeLessThan(2500);
  });

  test.each([1500, 8000, 3_600_000])(
    'stood still itself for %i ms it hears the bot out before it takes it for hanging',
    async (stillMs) => {
      const virtual = new VirtualClock(0);
      const { clock, standStill } = pausable(virtual);
      const watch = new BotWatch(clock, () => undefined);
      let ending: string | undefined;
      void watch.begin().then((how) => {
        ending = how;
      });
      let isSilent = false;
      every(clock, 250, () => isSilent || watch.heard(BEAT));
      clock.schedule(1000, () => {
        isSilent = true;
        standStill(stillMs);
      });
      // What it said meanwhile is read only after the first look.
      clock.schedule(1400, () => {
        isSilent = false;
      });
      await virtual.run(sleep(virtual, 5000));
      expect(ending).toBeUndefined();
      watch.gone();
      await virtual.run(sleep(virtual, 1));
      expect(ending).toBe('bot_died');
    },
  );
});
