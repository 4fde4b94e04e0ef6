import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's Chromium; undefined where there is none. */
export const CHROMIUM = PLACES.find((path) => existsSync(path));

/** With a profile of its own, which goes with it; it asks the network for nothing by itself. */
export function openBrowser(): Promise<Browser> {
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'];
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--headless', '--no-sandbox', '--disable-gpu', ...quiet] });
}

export interface OpenPage {
  readonly page: Page;
  /** What the page complained of. */
  readonly complaints: readonly string[];
  /** What it asked for beyond itself. */
  readonly requests: readonly string[];
}

interface View {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Of the address, with its `#`. */
  readonly hash?: string;
}

export async function openPage(
  browser: Browser,
  file: string,
  { width = 1280, height = 900, colorScheme = 'light', hash = '' }: View = {},
): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  const complaints: string[] = [];
  const requests: string[] = [];
  const address = pathToFileURL(file).href;
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => request.url() !== address && requests.push(request.url()));
  await page.goto(`${address}${hash}`);
  return { page, complaints, requests };
}

/**
 * Lines that the page's data has and its canvases do not show, as `plot: line`: no pixel there has the line's color.
 * Only of the plots that show now, and of lines that are not just zero: those may lie under each other. A page that has just
 * changed has seconds to draw. A page without such data draws by itself.
 */
export async function undrawnLines(page: Page): Promise<string[]> {
  let missing = await page.evaluate<string[]>(`(${UNDRAWN})()`);
  // Not by waitForFunction, which evaluates text in the page: its policy forbids that.
  for (let looks = 1; looks < 100 && missing.length > 0; looks += 1) {
    await page.waitForTimeout(100);
    missing = await page.evaluate<string[]>(`(${UNDRAWN})()`);
  }
  return missing;
}

/** In the page's own words: tests know no DOM. */
const UNDRAWN = String.raw`function () {
  const data = document.getElementById('plots');
  if (data === null) return [];
  const { groups } = JSON.parse(data.textContent);
  const style = getComputedStyle(document.documentElement);
  const channels = (color) => [1, 3, 5].map((from) => parseInt(color.slice(from, from + 2), 16));
  const longHex = (color) => (color.length === 4 ? '#' + [...color.slice(1)].map((digit) => digit + digit).join('') : color);
  const shows = (canvas, color) => {
    const [r, g, b] = channels(longHex(style.getPropertyValue('--' + color).trim()));
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3] > 100 && Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 30) return true;
    return false;
  };
  const missing = [];
  groups.forEach(({ plots }, g) => plots.forEach(({ title, lines }, p) => {
    const place = document.getElementById('plot-' + g + '-' + p);
    if (place === null || place.clientWidth === 0) return;
    const canvas = place.querySelector('canvas');
    for (const { label, color, shape, y } of lines) {
      let at = 0;
      const values = y.steps.map((step) => (at += step ?? 0));
      const isPlain = values.filter((value, i) => y.steps[i] !== null && value !== 0).length >= 10;
      if (shape !== 'note' && isPlain && (canvas === null || !shows(canvas, color))) missing.push(title + ': ' + label);
    }
  }));
  return missing;
}`;
