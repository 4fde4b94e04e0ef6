import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GoldenPlayer, type GoldenCase } from './golden-player.ts';

const text = readFileSync(new URL('../../fixtures/golden/matching_cases.json', import.meta.url), 'utf8');
const { cases } = JSON.parse(text) as { cases: GoldenCase[] };

/** Where the sources disagree: an amend to no more than was filled is refused, as Bybit does. */
const DISPUTED = 'ct-08-amend-total-qty-at-or-below-filled';

const played = cases.filter(({ id }) => id !== DISPUTED);

describe('published matching cases', () => {
  it('are 61: 60 as published, 1 disputed', () => {
    expect([cases.length, played.length]).toEqual([61, 60]);
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
