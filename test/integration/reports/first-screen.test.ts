import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unpack } from '../../../src/reports/html/packed.ts';
import type { PlotData } from '../../../src/reports/html/plots.ts';
import { CHROMIUM, openBrowser, openPage, undrawnLines } from '../../support/program/browser.ts';
import { folderWith } from '../../support/program/folders.ts';
import { campaignPages, kneePage, livePages, loadPage, soakPage } from '../../support/program/report-pages.ts';

/** Each page on a screen and on a phone, light and dark. Axe, which takes a second, looks at each size and each theme once. */
const VIEWS = [
  { width: 1400, height: 900, colorScheme: 'light', isSearched: true },
  { width: 1400, height: 900, colorScheme: 'dark', isSearched: false },
  { width: 390, height: 844, colorScheme: 'dark', isSearched: true },
  { width: 390, height: 844, colorScheme: 'light', isSearched: false },
] as const;

const FIRST = {
  soak: ['net', 'fills', 'turnover', 'largest position', 'drawdown of net'],
  load: ['rate asked', 'rate achieved', 'errors'],
  account: ['net', 'fills', 'turnover', 'fees paid', 'funding paid', 'drawdown of net'],
  campaign: ['net of the best setup', 'on unseen seeds', 'setups tried', 'runs', 'same seeds for all'],
};

const KINDS = {
  soak: 'soak',
  live: 'soak',
  account: 'account',
  load: 'load',
  knee: 'load',
  campaign: 'campaign',
  map: 'campaign',
} as const;

/** Bottom edges, px from the top of the page: of the verdict, each figure, what failed, the small plot and the folded settings. */
async function bottoms(page: Page, labels: readonly string[]): Promise<Record<string, number>> {
  const places = {
    verdict: page.locator('#verdict'),
    ...(labels === FIRST.campaign ? { lead: page.locator('.lead') } : { trend: page.locator('.trend svg') }),
    settings: page.locator('.run summary'),
    ...Object.fromEntries(labels.map((label) => [label, page.locator('.tiles div', { has: page.getByText(label, { exact: true }) })])),
  };
  const found = Object.entries(places).map(async ([name, place]) => {
    const box = await place.boundingBox();
    return [name, box === null ? Infinity : box.y + box.height] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** What axe finds that keeps people out, as `rule: element`. */
async function hindrances(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 120))))`);
}

describe.skipIf(CHROMIUM === undefined)('every page, on a screen and on a phone, light and dark (needs Chromium)', () => {
  const folder = folderWith({}, afterAll);
  let browser: Browser;
  let pages: Readonly<Record<keyof typeof KINDS | 'wideMap' | 'broken' | 'survival', string>>;
  beforeAll(async () => {
    const [opened, soak, load, live] = await Promise.all([openBrowser(), soakPage(folder, 12), loadPage(folder), livePages(folder)]);
    browser = opened;
    pages = { soak, ...live, load, knee: kneePage(load, folder), ...campaignPages(folder) };
  });
  afterAll(() => browser.close());

  test.each(['soak', 'live', 'account', 'load', 'knee', 'campaign', 'map'] as const)(
    '%s: complains of nothing, shuts nobody out, fits, and shows its result at once',
    async (name) => {
      const { page, complaints } = await openPage(browser, pages[name]);
      for (const view of VIEWS) {
        await page.setViewportSize(view);
        await page.emulateMedia({ colorScheme: view.colorScheme });
        expect(await undrawnLines(page)).toEqual([]);
        for (const [what, bottom] of Object.entries(await bottoms(page, FIRST[KINDS[name]])))
          expect(bottom, `${what} at ${view.width} px`).toBeLessThanOrEqual(view.height);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(view.width);
        if (view.isSearched) expect(await hindrances(page), `${view.width} px, ${view.colorScheme}`).toEqual([]);
      }
      expect(complaints).toEqual([]);
    },
  );

  test('a pinned instant and an open table shut nobody out either', async () => {
    const { page } = await openPage(browser, pages.soak, { width: 390, height: 844, hash: '#t=2-10&at=5' });
    await page.locator('details.data summary:visible').first().press('Enter');
    await page.getByRole('table').first().waitFor();
    expect(await page.locator('#pin').isVisible()).toBe(true);
    expect(await hindrances(page)).toEqual([]);
  });

  test.each([
    ['map', 390, false],
    ['wideMap', 390, true],
    ['wideMap', 1400, false],
  ] as const)(
    '%s at %i px: where a map is wider than its card, that is said, and it scrolls beside the values of its rows',
    async (name, width, isCut) => {
      const { page } = await openPage(browser, pages[name], { width, height: 844 });
      const map = page.locator('.map:visible');
      expect(await map.evaluate((card) => card.scrollWidth > card.clientWidth)).toBe(isCut);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(((await map.locator('.sideways').boundingBox({ timeout: 1000 }))?.height ?? 0) > 10).toBe(isCut);
      const cells = await map.locator('tbody tr:first-child td').all();
      const boxes = await Promise.all(cells.map((cell) => cell.boundingBox()));
      const whole = boxes.filter((box) => box !== null && box.x + box.width <= width);
      expect(whole.length).toBeGreaterThanOrEqual(Math.min(4, cells.length));
      await map.evaluate((card) => card.scrollTo({ left: 1000 }));
      expect((await map.locator('tbody th').first().boundingBox())?.x).toBeGreaterThanOrEqual(0);
    },
  );

  test('the knee is in the first line, and in a plot of latency by rate with its bounds', async () => {
    const { page } = await openPage(browser, pages.knee);
    expect(await page.locator('.lead').innerText()).toBe('holds 9.000 orders/s; 9.250/s breaks order latency p95');
    expect(await undrawnLines(page)).toEqual([]);
    const data = JSON.parse((await page.locator('#plots').textContent()) ?? '') as PlotData;
    const plot = data.groups[0]?.plots[0];
    expect(unpack(plot?.x ?? { decimals: 0, steps: [] })).toEqual([6, 9, 9.25, 12]);
    const p50 = plot?.lines.find(({ label }) => label === 'p50');
    // The second run at the rate that held is the longer one.
    expect(unpack(p50?.y ?? { decimals: 0, steps: [] })).toEqual([9, 10, 300, 340]);
    expect(plot?.posts?.map(({ text }) => text)).toEqual(['holds 9.000/s', '9.250/s breaks order latency p95']);
    expect(plot?.limits.map(({ value }) => value)).toEqual([340, 500]);
  });

  test('a campaign names the setup under the pointer, and shows another pair of keys by keyboard', async () => {
    const { page, complaints, requests } = await openPage(browser, pages.map);
    const best = page.locator('.drawn .point.best');
    const tip = best.locator('.tip');
    expect(await tip.isVisible()).toBe(false);
    await best.locator('.hit').hover();
    expect(await tip.isVisible()).toBe(true);
    expect(await tip.textContent()).toMatch(/^s1\/baseSpreadBps=8,levels=4,adaptive=false: \+[\d.]+ bps .* USDT, best$/);
    expect(await page.locator('.map:visible').count()).toBe(1);
    await page.getByRole('radio', { name: 'baseSpreadBps × levels' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.map:visible caption').textContent()).toContain('levels 4 as in the best setup');
    expect([complaints, requests]).toEqual([[], []]);
  });

  test('a campaign with broken runs shuts nobody out either, also with everything unfolded', async () => {
    const { page } = await openPage(browser, pages.broken, { width: 390, height: 844 });
    expect(await hindrances(page)).toEqual([]);
    await page.locator('.data summary').first().press('Enter');
    await page.locator('.runs summary').last().press('Enter');
    expect(await page.locator('.runs table:visible').count()).toBe(1);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await hindrances(page)).toEqual([]);
  });

  test('a link to the runs of a setup unfolds them', async () => {
    const { page } = await openPage(browser, pages.campaign);
    expect(await page.locator('.runs table:visible').count()).toBe(0);
    await page.locator('.forest a').first().click();
    await page.locator('.runs table').first().waitFor();
    expect(await page.locator('.runs table:visible').count()).toBe(1);
  });
});
