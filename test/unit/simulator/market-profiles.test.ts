import { describe, expect, it } from 'vitest';
import { MARKET_MODEL_NAMES, knobsOf } from '../../../src/simulator/market-model/markets.ts';
import { grossBps, runPlainMaker } from '../../support/bots/plain-maker.ts';

const gross = async (...maker: Parameters<typeof runPlainMaker>): Promise<number> => grossBps([await runPlainMaker(...maker)]);

describe('market profiles', () => {
  it('have names and knobs', () => {
    expect(MARKET_MODEL_NAMES.map((name) => [name, knobsOf(name).psi, knobsOf(name).phi])).toEqual([
      ['btc', 0.7, 0.15],
      ['calm', 0.35, 0.07],
      ['benign', 0, 0],
      ['toxic', 1.3, 0.15],
      ['flash', 0.7, 0.15],
    ]);
  });

  it('decide, by psi, whether a maker without a view earns anything before fees', async () => {
    expect(await gross('benign', 1, 15, 'maker')).toBeGreaterThan(0.2);
    expect(await gross('toxic', 1, 15, 'maker')).toBeLessThan(-0.1);
  });

  it('let a maker at the touch of the btc market lose a little before fees', async () => {
    const atTouch = await gross('btc', 0, 30, 'maker');
    expect(atTouch).toBeGreaterThan(-0.6);
    expect(atTouch).toBeLessThan(-0.1);
  });
});
