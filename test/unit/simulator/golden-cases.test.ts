import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GoldenPlayer, type GoldenCase } from './golden-player.ts';

const text = readFileSync(new URL('../../fixtures/golden/matching_cases.json', import.meta.url), 'utf8');
const { cases } = JSON.parse(text) as { cases: GoldenCase[] };

/** Its sources disagree, so it allows two outcomes: an amend to no more than was filled cancels the rest, or is refused, as by Bybit. */
const OPEN = 'ct-08-amend-total-qty-at-or-below-filled';

const played = cases.filter(({ id }) => id !== OPEN);

describe('published matching cases', () => {
  it('are 61, one of which allows two outcomes', () => {
    expect([cases.length, played.length]).toEqual([61, 60]);
  });

  it.each(played.map((golden) => [golden.id, golden] as const))('%s', (_, golden) => {
    const player = new GoldenPlayer(golden);
    expect(player.observe(player.play())).toEqual(golden.expect);
  });

  it('refuse an amend to no more than was filled', () => {
    const open = cases.filter(({ id }) => id === OPEN);
    expect(open.map((golden) => golden.expect)).toEqual([{ trades: [], alt: ['cancel_remaining', 'reject'] }]);
    expect(open.map((golden) => new GoldenPlayer(golden).play())).toEqual([[110064, 110064]]);
  });
});
