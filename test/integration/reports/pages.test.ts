import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { resolve } from '../../../src/config/resolve.ts';
import { soakHtml } from '../../../src/reports/soak/soak-html.ts';
import { soakReport } from '../../../src/reports/soak/soak-report.ts';
import { CHROMIUM, openBrowser, openPage, undrawnLines, type OpenPage } from '../../support/program/browser.ts';
import { folderWith } from '../../support/program/folders.ts';
import { LONG_ORIGIN, longSoak } from '../../support/bots/long-soak.ts';
import { soakPage } from '../../support/program/report-pages.ts';
import { testHost } from '../../support/program/test-host.ts';

/** The start and the end of what a plot shows, as its axis is read by the page's own status line. */
const shownTime = (page: Page): Promise<string> => page.locator('#hover').innerText();

const hashOf = (page: Page): Promise<string> => page.evaluate('location.hash');

describe.skipIf(CHROMIUM === undefined)('a page, in a browser (needs Chromium: apt-get install chromium)', () => {
  const folder = folderWith({}, afterAll);
  let browser: Browser;
  let file: string;
  beforeAll(async () => {
    [browser, file] = await Promise.all([openBrowser(), soakPage(folder)]);
  });
  afterAll(() => browser.close());

  const open = async (file: string, view: Parameters<typeof openPage>[2] = {}): Promise<OpenPage> => openPage(browser, file, view);

  test.each(['light', 'dark'] as const)(
    'shows the verdict and draws every line, asks for nothing and complains of nothing (%s)',
    async (colorScheme) => {
      const { page, complaints, requests } = await open(file, { colorScheme });
      expect(await page.locator('#verdict').isVisible()).toBe(true);
      expect(await page.locator('#verdict').innerText()).toMatch(/PASS|FAIL|INCONCLUSIVE/);
      for (const needed of ['psi 0.7, phi 0.15', 'stalled-body@10s:5s', 'mmbot soak', 'config '])
        expect(await page.locator('header').textContent()).toContain(needed);
      expect(await undrawnLines(page)).toEqual([]);
      await page.getByText('ETHUSDT', { exact: true }).first().click();
      expect(await undrawnLines(page)).toEqual([]);
      expect(await page.locator('.uplot:visible').count()).toBe(9);
      expect(await page.locator('.legend:visible button', { hasText: 'orders behind' }).count()).toBe(1);
      expect([complaints, requests]).toEqual([[], []]);
    },
  );

  test('zooms all plots by a drag over one, and back by a double click, buttons and keys', async () => {
    const { page } = await open(file);
    expect(await shownTime(page)).toBe('0:00:00 to 0:00:40');
    const plot = page.locator('.u-over').first();
    const box = await plot.boundingBox();
    const { x, y, width } = box ?? { x: 0, y: 0, width: 0 };
    await plot.scrollIntoViewIfNeeded();
    const top = ((await plot.boundingBox()) ?? { y }).y + 50;
    await page.mouse.move(x + width / 4, top);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, top, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(0, 0);
    expect(await shownTime(page)).toBe('0:00:10 to 0:00:20 of 0:00:40');
    await plot.dblclick();
    await page.mouse.move(0, 0);
    expect(await shownTime(page)).toBe('0:00:00 to 0:00:40');
    await page.getByRole('button', { name: 'Show less time' }).click();
    expect(await shownTime(page)).toBe('0:00:10 to 0:00:30 of 0:00:40');
    await page.keyboard.press('ArrowRight');
    expect(await shownTime(page)).toBe('0:00:20 to 0:00:40 of 0:00:40');
    await page.keyboard.press('0');
    expect(await shownTime(page)).toBe('0:00:00 to 0:00:40');
  });

  test('shows the values under the pointer in every plot, with the fault of that moment', async () => {
    const { page } = await open(file);
    const plot = page.locator('.u-over').first();
    await plot.scrollIntoViewIfNeeded();
    const { x, y, width } = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await page.mouse.move(x + (width * 12) / 40, y + 80);
    expect(await shownTime(page)).toMatch(/^0:00:1[0-4] · stalled-body$/);
    const times = await page.locator('.legend:visible .at').allInnerTexts();
    // All but the histogram and the distribution have a time.
    expect(times.filter((text) => /^at\s+0:00:1[0-4]/.test(text))).toHaveLength(times.length - 2);
  });

  test('keeps the visible part and the pinned instant in the address, and goes back', async () => {
    const { page } = await open(file, { hash: '#t=10-20' });
    expect(await shownTime(page)).toBe('0:00:10 to 0:00:20 of 0:00:40');
    await page.keyboard.press('+');
    expect(await hashOf(page)).toBe('#t=12.5-17.5');
    await page.keyboard.press('0');
    expect(await hashOf(page)).toBe('');
    await page.goBack();
    expect(await shownTime(page)).toBe('0:00:13 to 0:00:18 of 0:00:40');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await hashOf(page)).toBe('#t=12.5-17.5&at=15.05');
    await page.keyboard.press('Escape');
    expect(await hashOf(page)).toBe('#t=12.5-17.5');
    await page.keyboard.press('Escape');
    expect(await shownTime(page)).toBe('0:00:00 to 0:00:40');
  });

  test('keeps the symbol in the address, and shows the values of the pinned instant in the legends', async () => {
    const { page } = await open(file);
    await page.getByText('ETHUSDT', { exact: true }).first().click();
    expect(await hashOf(page)).toBe('#symbol=ETHUSDT');
    const linked = await open(file, { hash: '#symbol=ETHUSDT&at=12' });
    expect(await linked.page.getByRole('radio', { name: 'ETHUSDT' }).isChecked()).toBe(true);
    expect(await linked.page.getByRole('heading', { name: 'ETHUSDT', exact: true }).isVisible()).toBe(true);
    const at = linked.page.locator('.legend:visible .at').first();
    expect(await at.innerText()).toMatch(/^at\s+0:00:1[12]\.\d/);
    await linked.page.keyboard.press('Escape');
    expect(await at.innerText()).toMatch(/^at\s+the end/);
    expect(await hashOf(linked.page)).toBe('#symbol=ETHUSDT');
  });

  test('pins the instant of a click, with its values and the command that prints the decision', async () => {
    const { page } = await open(file);
    await page.getByText('ETHUSDT', { exact: true }).first().click();
    const plot = page.locator('.u-over:visible').first();
    await plot.scrollIntoViewIfNeeded();
    const { x, y, width } = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await page.mouse.click(x + width / 4, y + 60);
    const panel = page.locator('#pin');
    expect(await panel.locator('.when').innerText()).toMatch(/^0:00:(09\.9|10\.0)\d\d\s+2026-01-01 00:00:(09\.9|10\.0)\d\d UTC/);
    expect(await panel.innerText()).toMatch(/own bid|own ask/);
    const command = await panel.locator('code').innerText();
    expect(command).toMatch(/^mmbot soak --profile s1 .* --explain-at 0:00:(09\.9|10\.0)\d\d$/);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await panel.getByRole('button', { name: 'Copy' }).click();
    await panel.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(command);
    const out = folderWith();
    await main(testHost({ argv: [...command.split(' ').slice(1), '--out', out], cwd: process.cwd() }));
    // A click cannot hit a millisecond: 20 ms beside it.
    const beside = (await hashOf(page)).replace(/at=([\d.]+)/, (_, seconds: string) => `at=${(Number(seconds) + 0.02).toFixed(3)}`);
    const explained = await open(join(out, 'report.html'), { hash: beside });
    const words = await explained.page.locator('#pin').innerText();
    expect(words).toMatch(/BTCUSDT\s+decided at 0:00:[\s\S]*fair value[\s\S]*ETHUSDT\s+decided at 0:00:[\s\S]*fair value/);
    expect(await explained.page.getByRole('heading', { name: /^Decision at 0:00:.*ETHUSDT/ }).isVisible()).toBe(true);
  });

  test('hides a line from its legend by keyboard, and shows the figures of a plot as a table', async () => {
    const { page } = await open(file);
    const net = page.locator('.legend:visible button', { hasText: 'net' }).first();
    await net.focus();
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    expect(await net.getAttribute('aria-pressed')).toBe('false');
    await page.keyboard.press('Enter');
    expect(await net.getAttribute('aria-pressed')).toBe('true');
    await page.locator('details.data summary:visible').first().press('Enter');
    const table = page.getByRole('table', { name: 'PnL of all symbols and its components' });
    await table.waitFor();
    expect(await table.getByRole('row').count()).toBeGreaterThan(20);
    expect(await table.getByRole('row').count()).toBeLessThanOrEqual(61);
    await page.keyboard.press('+');
    expect(await table.getByRole('rowheader').first().innerText()).toBe('0:00:10.0');
  });

  test('of a day is under 3 MB, draws every line and fits a phone without sideways scrolling', async () => {
    const day = join(folderWith(), 'report.html');
    const run = await longSoak(24, ['BTCUSDT', 'ETHUSDT']);
    writeFileSync(day, soakHtml(soakReport(run, LONG_ORIGIN, resolve({}))));
    expect(statSync(day).size).toBeLessThan(3_000_000);
    const { page, complaints, requests } = await open(day, { width: 390 });
    expect(await undrawnLines(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect([complaints, requests]).toEqual([[], []]);
  });

  test('of a load test draws every line of it, and asks for nothing', async () => {
    const out = folderWith();
    const argv = ['load-test', '--clock', 'virtual', '--rate', '6/s', '--symbols', '1', '--duration', '5', '--seed', '7', '--out', out];
    const elsewhere = join(out, 'elsewhere.html');
    await main(testHost({ argv: [...argv, '--html', elsewhere], cwd: process.cwd() }));
    expect(readFileSync(elsewhere, 'utf8')).toBe(readFileSync(join(out, 'report.html'), 'utf8'));
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints, requests } = await open(join(out, 'report.html'), { colorScheme, width: 390 });
      expect(await page.locator('#verdict').innerText()).toMatch(/PASS|FAIL|INCONCLUSIVE/);
      expect(await page.locator('header').textContent()).toMatch(/seed[\s\S]*market btc[\s\S]*config [0-9a-f]+/);
      expect(await page.locator('.uplot').count()).toBeGreaterThan(3);
      expect(await undrawnLines(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      expect([complaints, requests]).toEqual([[], []]);
    }
  });

  test('is printed on white, also with a dark screen', async () => {
    const { page } = await open(file, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await undrawnLines(page)).toEqual([]);
  });

  test('says everything that was judged without its script', () => {
    const html = readFileSync(file, 'utf8').replaceAll(/<script[\s\S]*?<\/script>/g, '');
    for (const text of ['order latency p95', 'no order is left open', 'drift of the position', 'psi 0.7, phi 0.15'])
      expect(html).toContain(text);
  });
});
