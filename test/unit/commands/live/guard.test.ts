import { describe, expect, test } from 'vitest';
import { ACTS, BEAT, DONE } from '../../../../src/commands/guard/words.ts';
import { LiveGuard } from '../../../../src/commands/live/guard.ts';
import { sleep, VirtualClock } from '../../../../src/util/clock.ts';

/** A guard that starts within half a second and answers, until it is told otherwise. */
class FakeGuard {
  readonly heard: string[] = [];
  readonly pid = 7;
  isHanging = false;
  isKilled = false;
  readonly #onLine: (line: string) => void;
  readonly #startsAt: number;
  readonly #clock: VirtualClock;
  #onExit: (how: string) => void = () => undefined;

  constructor(clock: VirtualClock, onLine: (line: string) => void) {
    this.#clock = clock;
    this.#onLine = onLine;
    this.#startsAt = clock.monotonic() + 500;
  }

  send(line: string): void {
    this.heard.push(line);
    this.#clock.schedule(1, () => {
      if (line === BEAT && !this.isHanging && !this.isKilled && this.#clock.monotonic() >= this.#startsAt) this.#onLine(BEAT);
    });
  }

  say(word: string): void {
    this.#onLine(word);
  }

  end(): void {
    this.heard.push('end');
  }

  kill(): void {
    this.isKilled = true;
    this.exit('SIGKILL');
  }

  exit(how: string): void {
    this.#clock.schedule(1, () => this.#onExit(how));
  }

  onExit(listener: (how: string) => void): void {
    this.#onExit = listener;
  }
}

/** A process that stands still: time has passed, and what was due comes at once. */
function pausable(clock: VirtualClock) {
  let pausedMs = 0;
  return {
    clock: { now: () => clock.now(), monotonic: () => clock.monotonic() + pausedMs, schedule: clock.schedule.bind(clock) },
    standStill: (ms: number) => void (pausedMs += ms),
  };
}

function scene() {
  const clock = new VirtualClock(0);
  const bot = pausable(clock);
  const guards: FakeGuard[] = [];
  const events: string[] = [];
  const guard = new LiveGuard({
    clock: bot.clock,
    start(onLine) {
      const next = new FakeGuard(clock, onLine);
      guards.push(next);
      return next;
    },
    handover: 'handover',
    listener: {
      onLost: (how) => void events.push(`lost: ${how}`),
      onBack: () => void events.push('back'),
      onActs: () => void events.push('acts'),
    },
  });
  const latest = (): FakeGuard => guards.at(-1) ?? new FakeGuard(clock, () => undefined);
  return { guard, guards, events, latest, standStill: bot.standStill, wait: (ms: number) => clock.run(sleep(clock, ms)) };
}

describe('the bot’s watch over its guard', () => {
  test('begins with the handover, and the guard counts as there when it has answered', async () => {
    const { guards, events, wait } = scene();
    await wait(400);
    expect(events).toEqual([]);
    expect(guards[0]?.heard.slice(0, 2)).toEqual(['handover', BEAT]);
    await wait(600);
    expect(events).toEqual(['back']);
    await wait(60_000);
    expect([guards.length, events]).toEqual([1, ['back']]);
  });

  test('one that hangs is noticed within some seconds, ended, and replaced', async () => {
    const { guards, events, latest, wait } = scene();
    await wait(2000);
    latest().isHanging = true;
    await wait(3500);
    expect(events).toEqual(['back', 'lost: it does not answer']);
    expect(guards[0]?.isKilled).toBe(true);
    await wait(2500);
    expect([guards.length, events.at(-1)]).toEqual([2, 'back']);
  });

  test.each([1500, 8000, 3_600_000])(
    'stood still itself for %i ms, it hears its guard out before it takes it for hanging',
    async (stillMs) => {
      const { guards, events, latest, standStill, wait } = scene();
      await wait(2000);
      // What it said meanwhile is read only after the first look.
      latest().isHanging = true;
      standStill(stillMs);
      await wait(400);
      latest().isHanging = false;
      await wait(10_000);
      expect([guards.length, events]).toEqual([1, ['back']]);
      latest().isHanging = true;
      await wait(3500);
      expect(events.at(-1)).toBe('lost: it does not answer');
    },
  );

  test.each(['exit 70', 'exit 0', 'exit 4', 'SIGKILL', 'spawn EAGAIN'])(
    'one that ends by %s without having acted is said to be lost, as it was, and replaced: no freeze',
    async (how) => {
      const { guards, events, latest, wait } = scene();
      await wait(2000);
      latest().exit(how);
      await wait(3000);
      expect(events).toEqual(['back', `lost: ${how}`, 'back']);
      expect(guards).toHaveLength(2);
    },
  );

  test('one that ends while it starts is replaced again and again, and never counts as there', async () => {
    const { guards, events, latest, wait } = scene();
    for (let i = 0; i < 5; i += 1) {
      latest().exit('exit 70');
      await wait(1100);
    }
    expect(events).toEqual(Array.from({ length: 5 }, () => 'lost: exit 70'));
    expect(guards).toHaveLength(6);
  });

  test('one that acts is heard at once, is not replaced, and may take its time', async () => {
    const { guard, guards, events, latest, wait } = scene();
    expect(guard.state).toBe('starting');
    await wait(2000);
    expect(guard.state).toBe('watching');
    latest().say(ACTS);
    latest().isHanging = true;
    await wait(60_000);
    expect(guard.state).toBe('acting');
    latest().exit('exit 0');
    await wait(5000);
    expect([guards.length, events]).toEqual([1, ['back', 'acts']]);
    expect(guard.state).toBe('ended');
  });

  test('where there is none when the run ends without proof, one more is started to take over', async () => {
    const { guard, guards, latest, wait } = scene();
    await wait(2000);
    latest().exit('SIGKILL');
    await wait(100);
    guard[Symbol.dispose]();
    await wait(5000);
    expect(guards).toHaveLength(2);
    expect(latest().heard).toEqual(['handover', BEAT, 'end']);
  });

  test('after its release, neither its silence nor its end is reported', async () => {
    const { guard, guards, events, latest, wait } = scene();
    await wait(2000);
    guard.release();
    guard[Symbol.dispose]();
    latest().isHanging = true;
    latest().exit('exit 0');
    await wait(10_000);
    expect([guards.length, events, latest().heard.slice(-2)]).toEqual([1, ['back'], [DONE, 'end']]);
  });
});
