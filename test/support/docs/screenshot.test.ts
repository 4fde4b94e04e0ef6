import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { main } from '../../../src/main.ts';
import { openBrowser, openPage, undrawnLines } from '../program/browser.ts';
import { testHost } from '../program/test-host.ts';
import { ROOT } from './documents.ts';

const PICTURE = join(ROOT, 'docs/images/soak-report.png');
/** CSS pixels, and as many of the picture. */
const WIDTH = 1200;
/** The README quotes this command below the picture. */
const SOAK = ['soak', '--profile', 's1', '--clock', 'virtual', '--duration', '4m', '--seed', '7'];

/** `npm run docs:screenshot`: verdict, gates and the first two plots of a soak report, for the README. Needs Chromium. */
test('takes the picture of a soak report', async () => {
  const out = mkdtempSync(join(tmpdir(), 'mmbot-picture-'));
  const browser = await openBrowser();
  try {
    await main(testHost({ argv: [...SOAK, '--out', out], cwd: ROOT }));
    const { page } = await openPage(browser, join(out, 'report.html'), { width: WIDTH });
    expect(await undrawnLines(page)).toEqual([]);
    const end = await page.locator('figure.plot').nth(1).boundingBox();
    const { y, height } = end ?? { y: 0, height: 0 };
    mkdirSync(dirname(PICTURE), { recursive: true });
    await page.screenshot({ path: PICTURE, fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height: y + height + 4 } });
  } finally {
    await browser.close();
    rmSync(out, { recursive: true });
  }
});
