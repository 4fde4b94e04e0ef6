import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { openBrowser, openPage, undrawnLines } from '../program/browser.ts';
import { folderWith } from '../program/folders.ts';
import { campaignPages } from '../program/report-pages.ts';
import { testHost } from '../program/test-host.ts';
import { ROOT } from './documents.ts';

/** `npm run docs:screenshot`: the picture in the README, and the pages of reports to look at. Needs Chromium. */

const PICTURE = join(ROOT, 'docs/images/soak-report.png');
/** Ignored by git. */
const PAGES = join(ROOT, 'reports/screenshots');
/** CSS pixels, and as many of the picture. */
const WIDTH = 1200;
const VIRTUAL = ['--clock', 'virtual', '--seed', '7'];

const folder = folderWith({}, afterAll);
const STATE = ['--state-dir', join(folder, 'state')];

/** The README quotes the first command below the picture. */
const COMMANDS = {
  soak: ['soak', '--profile', 's1', '--clock', 'virtual', '--duration', '4m', '--seed', '7'],
  symbols: ['soak', '--profile', 's1', '--duration', '4m', '--symbols', 'BTCUSDT,ETHUSDT,SOLUSDT', '--faults', 'light', ...VIRTUAL],
  'load-test': ['load-test', '--rate', '300', '--duration', '2m', '--symbols', '3', ...VIRTUAL],
  live: ['live', '--profile', 's1', '--symbols', 'BTCUSDT,ETHUSDT', '--market', 'toxic', '--duration', '90', '--quiet', ...STATE],
  account: ['report', ...STATE],
  knee: ['load-test', '--find-knee', '--symbols', '3', ...VIRTUAL],
} as const;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const CAMPAIGNS = ['campaign', 'map', 'broken', 'survival'] as const;
type Campaign = (typeof CAMPAIGNS)[number];

async function pageOf(name: keyof typeof COMMANDS | Campaign): Promise<string> {
  if (isCampaign(name)) return campaignPages(folder)[name];
  const out = join(folder, name);
  await main(testHost({ argv: [...COMMANDS[name], '--out', out], cwd: ROOT }));
  return join(out, 'report.html');
}

function isCampaign(name: string): name is Campaign {
  return CAMPAIGNS.some((each) => each === name);
}

test('takes the picture of a soak report: the first screen and the first two plots', async () => {
  const { page } = await openPage(browser, await pageOf('soak'), { width: WIDTH });
  expect(await undrawnLines(page)).toEqual([]);
  const end = await page.locator('figure.plot').nth(1).boundingBox();
  const { y, height } = end ?? { y: 0, height: 0 };
  mkdirSync(dirname(PICTURE), { recursive: true });
  await page.screenshot({ path: PICTURE, fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height: y + height + 4 } });
});

// The account is what live has traded.
test.each(['soak', 'symbols', 'load-test', 'knee', 'live', 'account', ...CAMPAIGNS] as const)(
  'takes the page of %s on a screen and a phone, light and dark',
  async (name) => {
    const file = await pageOf(name);
    for (const [width, height] of [
      [1400, 900],
      [390, 844],
    ] as const)
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page } = await openPage(browser, file, { width, height, colorScheme });
        expect(await undrawnLines(page)).toEqual([]);
        const picture = (part: string): string => join(PAGES, `${name}-${width}-${colorScheme}${part}.png`);
        await page.screenshot({ path: picture('') });
        await page.screenshot({ path: picture('-whole'), fullPage: true });
        await page.close();
      }
  },
);
