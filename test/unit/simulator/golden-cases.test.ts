import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GoldenPlayer, type GoldenCase } from './golden-player.ts';

const text = readFileSync(new URL('../../fixtures/golden/matching_cases.json', import.meta.url), 'utf8');
const { cases } = JSON.parse(text) as { cases: GoldenCase[] };

/** Self-match prevention is not built: Bybit's default is none, and mmbot asks for none. */
const NEED_SELF_MATCH_PREVENTION = [
  'smp-01-cancel-maker-all-own',
  'smp-03-cancel-both',
  'smp-05-market-cancel-maker',
  'smp-08-mixed-level',
  'smp-11-ioc-cancel-maker',
];
/** Where the sources disagree: an amend to no more than was filled is refused, as Bybit does. */
const DISPUTED = 'ct-08-amend-total-qty-at-or-below-filled';

const played = cases.filter(({ id }) => !NEED_SELF_MATCH_PREVENTION.includes(id) && id !== DISPUTED);

describe('published matching cases', () => {
  it('are 61: 55 as published, 1 disputed, 5 that need self-match prevention', () => {
    expect([cases.length, played.length, NEED_SELF_MATCH_PREVENTION.length]).toEqual([61, 55, 5]);
  });

  it.each(played.map((golden) => [golden.id, golden] as const))('%s', (_, golden) => {
    const player = new GoldenPlayer(golden);
    expect(player.observe(player.play())).toEqual(golden.expect);
  });

  it('refuse an amend to no more than was filled', () => {
    const disputed = cases.filter(({ id }) => id === DISPUTED);
    expect(disputed.map((golden) => new GoldenPlayer(golden).play())).toEqual([[110064, 110064]]);
  });
});
