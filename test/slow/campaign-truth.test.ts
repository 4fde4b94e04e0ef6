import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CampaignReport } from '../../src/reports/campaign/campaign-report.ts';
import { MARKET_MODEL_NAMES } from '../../src/simulator/market-model/markets.ts';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

/** Nothing in the bot reacts to its fees here, so it makes the same trades with both, and this is the whole difference. */
const CHEAPER_BPS = 0.2;
const BLIND = 'set: { quoting.adaptivePnlBps: 0, quoting.feeFloor: false }';
const LIMIT_MS = 3_600_000;

/** Setups that differ by their maker fee only; what they earn before it depends on the market. */
function planOf(profile: string, market: string): string {
  const setup = (name: string, fee: string): string => `{ profile: ${profile}, name: ${name}, makerFee: ${fee}, ${BLIND} }`;
  const setups = [setup('plain', '2bps'), setup('dearer', '2.2bps'), setup('cheaper', '1.8bps')];
  return `
setups:
  - ${setups.join('\n  - ')}
scenarios: [{ market: ${market} }]
seeds: 10
duration: 10m
`;
}

const CAMPAIGNS = ['s1', 'conservative'].flatMap((profile) => MARKET_MODEL_NAMES.map((market) => [profile, market] as const));

test.each(CAMPAIGNS)('of %s on %s: the cheaper setup wins, by what it is cheaper', { timeout: LIMIT_MS }, async (profile, market) => {
  const cwd = folderWith({ 'plan.yaml': planOf(profile, market) });
  const { exitCode } = await runMmbot(
    ['campaign', '--plan', 'plan.yaml', '--no-pages', '--quiet', '--expect', 'cheaper > plain', '--expect', 'plain > dearer'],
    { cwd, timeoutMs: LIMIT_MS },
  );
  expect(exitCode).toBe(0);
  const report = JSON.parse(readFileSync(join(cwd, 'reports/campaign/campaign.json'), 'utf8')) as CampaignReport;
  const [best, second, last] = report.setups;
  const difference = second?.toLeader;
  console.log(
    `${profile} on ${market}: ${best?.netBps?.toFixed(2)} bps, difference ${difference?.bps.toFixed(4)} ${JSON.stringify(difference?.intervalBps)}, ${report.origin.runs} of ${report.origin.runsOfFullGrid} runs`,
  );
  expect([best?.name, second?.name, last?.name]).toEqual(['cheaper', 'plain', 'dearer']);
  // Fills as a taker, of which there are hardly any, cost the same.
  expect(difference?.bps).toBeCloseTo(-CHEAPER_BPS, 2);
  const [low, high] = difference?.intervalBps ?? [0, 0];
  expect(low).toBeLessThanOrEqual(-CHEAPER_BPS + 0.005);
  expect(high).toBeGreaterThanOrEqual(-CHEAPER_BPS - 0.005);
  // The paired interval has no width at all; that of the setup itself is what an unpaired one would have.
  expect(high - low).toBeLessThan(0.02 * width(best?.intervalBps));
});

function width(interval: readonly [number, number] | null | undefined): number {
  if (interval === null || interval === undefined) throw new Error('no interval');
  return interval[1] - interval[0];
}
