import { expect, test } from 'vitest';
import { kindsNamed, KINDS } from '../../support/hostile/damages.ts';
import { planOf } from '../../support/hostile/plan.ts';
import { Tally } from '../../support/hostile/tally.ts';
import { virtualSession } from '../../support/hostile/virtual-session.ts';

/** `HOSTILE_SEED=n`: that one session; `HOSTILE_KINDS=a,b`: with these kinds and no others; `HOSTILE_FIRST`, `HOSTILE_SESSIONS`: which and how many. */
const { HOSTILE_SEED, HOSTILE_KINDS, HOSTILE_FIRST = '0', HOSTILE_SESSIONS = '2200' } = process.env;
const FIRST = Number(HOSTILE_SEED ?? HOSTILE_FIRST);
const SESSIONS = HOSTILE_SEED === undefined ? Number(HOSTILE_SESSIONS) : 1;
const LEAST_DRAWN = 20;

test(`${SESSIONS} sessions with a hostile exchange in simulated time break no promise`, { timeout: 3 * 3_600_000 }, async () => {
  const tally = new Tally('test/slow/hostile/virtual.test.ts');
  for (let index = FIRST; index < FIRST + SESSIONS; index += 1) {
    const plan = planOf({ seed: String(index), index, only: kindsNamed(HOSTILE_KINDS) });
    tally.add(plan, await virtualSession(plan));
  }
  console.log(tally.text());
  if (SESSIONS >= KINDS.length * 10) {
    expect(KINDS.length).toBeGreaterThanOrEqual(80);
    expect(tally.rarely(LEAST_DRAWN), 'kinds that were drawn too rarely').toEqual([]);
    expect(tally.never(), 'kinds that never struck').toEqual([]);
  }
  expect(tally.failures).toEqual([]);
});
