import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';

/** A loader hook that appends the URL of every module that Node loads to a file. */
const RECORDER = `
import { appendFileSync } from 'node:fs';
import { register } from 'node:module';
const hook = "import { appendFileSync } from 'node:fs';" +
  "export async function load(url, context, next) { appendFileSync(process.env.LOADED, url + '\\\\n'); return next(url, context); }";
register('data:text/javascript,' + encodeURIComponent(hook));
`;

/** The files of the bundle that a command line loads. */
async function filesLoadedBy(args: readonly string[]): Promise<string[]> {
  const folder = folderWith({ 'recorder.mjs': RECORDER, 'loaded.txt': '' });
  const loaded = join(folder, 'loaded.txt');
  const recorder = pathToFileURL(join(folder, 'recorder.mjs')).href;
  const { exitCode } = await runMmbot(args, { env: { LOADED: loaded }, nodeOptions: ['--import', recorder] });
  expect(exitCode).toBe(0);
  const urls = readFileSync(loaded, 'utf8').split('\n');
  return [...new Set(urls.filter((url) => url.startsWith('file:')))].map((url) => fileURLToPath(url));
}

/** Words that only the bundled source of each package has. */
const CCXT = 'node_modules/ccxt/';
const YAML = 'node_modules/yaml/';
const PROM_CLIENT = 'node_modules/prom-client/';

test('--help loads neither ccxt nor the settings; config-explain loads the settings and not ccxt', async () => {
  const textOf = (files: readonly string[]): string => files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const help = await filesLoadedBy(['--help']);
  expect(help.some((file) => file.endsWith('main.js'))).toBe(true);
  expect(textOf(help)).not.toContain(CCXT);
  expect(textOf(help)).not.toContain(YAML);
  const explain = textOf(await filesLoadedBy(['config-explain', '--profile', 's1']));
  expect(explain).toContain(YAML);
  expect(explain).not.toContain(CCXT);
});

test('the recorder does see ccxt where it is loaded', async () => {
  const texts = (await filesLoadedBy(['soak', '--help'])).map((file) => readFileSync(file, 'utf8'));
  expect(texts.some((text) => text.includes(CCXT))).toBe(true);
  expect(
    texts.some((text) => text.includes(PROM_CLIENT)),
    'metrics are loaded when they are asked for',
  ).toBe(false);
});
