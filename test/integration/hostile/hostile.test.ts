import { describe, expect, test } from 'vitest';
import { KINDS } from '../../support/hostile/damages.ts';
import { planOf } from '../../support/hostile/plan.ts';
import { virtualSession } from '../../support/hostile/virtual-session.ts';

/** A part of the table, of each group something; all of it, and thousands of sessions, are in `test/slow/hostile`. */
const NAMES = [
  'answer-lost',
  'connection-reset',
  'answers-reordered',
  'body-truncated',
  'body-html-200',
  'body-504-after-effect',
  'code-as-text',
  'code-10006',
  'code-10000-after-effect',
  'ban-of-seconds',
  'clock-refused',
  'create-answer-lost',
  'create-twice',
  'create-acked-then-rejected',
  'cancel-acked-not-done',
  'cancel-answer-lost',
  'cancel-said-gone',
  'bulk-lies',
  'orders-doubled',
  'execution-id-again',
  'numbers-exponent',
  'field-missing',
  'private-events-twice',
  'private-frame-garbage',
  'trade-socket-cut',
  'person-orders',
];
const SOME = KINDS.filter(({ name }) => NAMES.includes(name));
const SESSIONS = 10;
/** Each draws some kinds of its own besides. */
const STRIDE = 5;

describe('a hostile exchange', () => {
  test.each(Array.from({ length: SESSIONS }, (_, session) => session))('breaks no promise in session %i', async (session) => {
    const plan = planOf({
      seed: `short ${session}`,
      index: session * STRIDE,
      kinds: SOME,
      scenarios: ['stop', 'freeze', 'cancel-all', 'guard'],
    });
    const { violations } = await virtualSession(plan);
    const drawn = plan.drawn.map(({ kind }) => kind.name);
    expect({ drawn, violations }).toEqual({ drawn, violations: [] });
  });

  test('every kind has a name of its own, and says what it does', () => {
    expect(SOME).toHaveLength(NAMES.length);
    expect(new Set(KINDS.map(({ name }) => name)).size).toBe(KINDS.length);
    expect(KINDS.filter(({ does }) => does === '')).toEqual([]);
  });

  test('the same seed gives the same session', async () => {
    const play = async (): Promise<unknown> => {
      const { dealt, ...result } = await virtualSession(planOf({ seed: 'again', index: 3, kinds: SOME, scenarios: ['stop'] }));
      return { ...result, dealt: [...dealt] };
    };
    expect(await play()).toEqual(await play());
  });
});
