import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CampaignReport } from '../../src/reports/campaign/campaign-report.ts';
import { MARKET_MODEL_NAMES } from '../../src/simulator/market-model/markets.ts';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

/** A bot that does not heed its fees makes the same trades with both, so this is the whole difference. */
const CHEAPER_BPS = 0.2;
const LIMIT_MS = 3_600_000;

/** Setups that differ by their maker fee only; what they earn before it depends on the market. */
function planOf(profile: string, market: string): string {
  const setups = [`{ profile: ${profile}, name: dearer, makerFee: 2.2bps }`, `{ profile: ${profile}, name: cheaper, makerFee: 1.8bps }`];
  return `
setups:
  - { profile: ${profile}, name: plain }
  - ${setups.join('\n  - ')}
scenarios: [{ market: ${market} }]
seeds: 10
duration: 10m
`;
}

const CAMPAIGNS = ['s1', 'conservative'].flatMap((profile) => MARKET_MODEL_NAMES.map((market) => [profile, market] as const));

test.each(CAMPAIGNS)('of %s on %s: the cheaper setup wins, by what it is cheaper', { timeout: LIMIT_MS }, async (profile, market) => {
  const cwd = folderWith({ 'plan.yaml': planOf(profile, market) });
  const { exitCode, stderr } = await runMmbot(
    ['campaign', '--plan', 'plan.yaml', '--no-pages', '--quiet', '--expect', 'cheaper > plain', '--expect', 'plain > dearer'],
    { cwd, timeoutMs: LIMIT_MS },
  );
  expect([exitCode, stderr]).toEqual([0, '']);
  const report = JSON.parse(readFileSync(join(cwd, 'reports/campaign/campaign.json'), 'utf8')) as CampaignReport;
  const [best, second, last] = report.setups;
  const difference = second?.toLeader;
  console.log(
    `${profile} on ${market}: ${best?.netBps?.toFixed(2)} bps, difference ${difference?.bps.toFixed(4)} ${JSON.stringify(difference?.intervalBps)}, unpaired ${report.pairingGain?.toFixed(0)} times as wide, ${report.origin.runs} of ${report.origin.runsOfFullGrid} runs`,
  );
  expect([best?.name, second?.name, last?.name]).toEqual(['cheaper', 'plain', 'dearer']);
  // Fills as a taker, of which there are hardly any, cost the same.
  expect(difference?.bps).toBeCloseTo(-CHEAPER_BPS, 2);
  expect(report.pairingGain).toBeGreaterThan(2);
});
