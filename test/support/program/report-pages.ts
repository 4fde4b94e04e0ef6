import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../../src/main.ts';
import { campaignHtml } from '../../../src/reports/campaign/campaign-html.ts';
import { loadHtml } from '../../../src/reports/load/load-html.ts';
import type { CampaignReport } from '../../../src/reports/campaign/campaign-report.ts';
import type { KneeStep, LoadReport } from '../../../src/reports/load/load-report.ts';
import { brokenExample, campaignExample, GRID, survivalExample } from '../builders/campaign-example.ts';
import { testHost } from './test-host.ts';

/** Pages of reports, each in a folder of its own in `folder`. */

/** Of a short soak of two symbols under faults. */
export async function soakPage(folder: string, seconds = 40): Promise<string> {
  const argv = ['soak', '--profile', 's1', '--clock', 'virtual', '--duration', String(seconds), '--seed', '7'];
  return pageOf(join(folder, 'soak'), [
    ...argv,
    '--symbols',
    'BTCUSDT,ETHUSDT',
    '--faults',
    `stalled-body@${seconds / 4}s:${seconds / 8}s`,
  ]);
}

/** Of a short load test. */
export async function loadPage(folder: string): Promise<string> {
  const argv = ['load-test', '--clock', 'virtual', '--rate', '6/s', '--symbols', '1', '--warmup', '1', '--duration', '5', '--seed', '7'];
  return pageOf(join(folder, 'load'), argv);
}

/** Of a short run of live, and of what it traded. */
export async function livePages(folder: string): Promise<Readonly<Record<'live' | 'account', string>>> {
  const state = ['--state-dir', join(folder, 'state')];
  const argv = ['live', '--profile', 's1', '--market', 'toxic', '--symbols', 'BTCUSDT,ETHUSDT', '--duration', '10', '--quiet', ...state];
  const live = await pageOf(join(folder, 'live'), argv);
  return { live, account: await pageOf(join(folder, 'account'), ['report', ...state]) };
}

async function pageOf(out: string, argv: readonly string[]): Promise<string> {
  await main(testHost({ argv: [...argv, '--out', out], cwd: process.cwd() }));
  return join(out, 'report.html');
}

/** Of a search for the highest rate: the load test of another page, and a search that was made up, because one takes long. */
export function kneePage(page: string, folder: string): string {
  const report = JSON.parse(readFileSync(page.replace(/html$/, 'json'), 'utf8')) as LoadReport;
  const step = (perSecond: number, p50: number, verdict: KneeStep['verdict'], brokenBy = ''): KneeStep => ({
    perSecond,
    achievedPerSecond: Math.min(perSecond, 9),
    verdict,
    ack: { ...report.stages.ack, p50, p95: 1.4 * p50, p99: 2 * p50 },
    errorRatio: brokenBy === '' ? 0 : 0.04,
    brokenBy,
  });
  const bad = 'order latency p95';
  const steps = [
    step(6, 9, 'PASS'),
    step(12, 340, 'FAIL', bad),
    step(9, 11, 'INCONCLUSIVE'),
    step(9.25, 300, 'FAIL', bad),
    step(9, 10, 'PASS'),
  ];
  const file = join(folder, 'knee.html');
  writeFileSync(file, loadHtml({ ...report, knee: { lastGoodPerSecond: 9, firstBadPerSecond: 9.25, steps } }));
  return file;
}

/** Of campaigns that were made up, because one takes long: with one varied key, with three, with runs that broke, and of survival. */
/** Of a map with more columns than a phone has room for. */
const WIDE = {
  profiles: ['s1'],
  axes: [
    { key: 'quoting.levels', values: [2, 4, 8] },
    { key: 'quoting.baseSpreadBps', values: [4, 6, 8, 12, 16, 20] },
  ],
  seeds: 4,
};

export function campaignPages(folder: string): Readonly<Record<'campaign' | 'map' | 'wideMap' | 'broken' | 'survival', string>> {
  const write = (name: string, report: CampaignReport): string => {
    const file = join(folder, `campaign-${name}.html`);
    writeFileSync(
      file,
      campaignHtml(report, (id) => `runs/${id}.html`),
    );
    return file;
  };
  return {
    campaign: write('one', campaignExample()),
    map: write('map', campaignExample(GRID)),
    wideMap: write('wide-map', campaignExample(WIDE)),
    broken: write('broken', brokenExample()),
    survival: write('survival', survivalExample()),
  };
}
