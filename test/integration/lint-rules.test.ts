import { execa } from 'execa';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** One violation of each rule that architecture demands: file, code, and the rule that must notice. */
const VIOLATIONS: readonly (readonly [string, string, string])[] = [
  ['src/model/time.ts', 'export const now = Date.now();', 'no-restricted-globals'],
  ['src/execution/wait.ts', 'export const timer = setTimeout(() => undefined, 1);', 'no-restricted-globals'],
  ['src/strategy/speed.ts', 'export const t = performance.now();', 'no-restricted-globals'],
  ['src/harness/environment.ts', 'export const home = process.env;', 'no-restricted-globals'],
  ['src/telemetry/leak.ts', 'export const clock = globalThis.performance;', 'no-restricted-globals'],
  ['src/reports/print.ts', "export const print = (): void => console.log('x');", 'no-restricted-globals'],
  ['src/exchange/bybit/ask.ts', "export const ask = (): Promise<Response> => fetch('http://localhost');", 'no-restricted-globals'],
  ['src/strategy/luck.ts', 'export const luck = Math.random();', 'no-restricted-properties'],
  ['src/execution/disk.ts', "import { readFileSync } from 'node:fs';\nexport const text = readFileSync('x');", 'no-restricted-imports'],
  ['src/simulator/socket.ts', "import { createServer } from 'node:http';\nexport const server = createServer();", 'no-restricted-imports'],
  ['src/commands/library.ts', "import { bybit } from 'ccxt';\nexport const exchange = bybit;", 'no-restricted-imports'],
  ['src/statistics/upwards.ts', "import { now } from '../model/time.ts';\nexport const upwards = now;", 'no-restricted-imports'],
  ['src/model/upwards.ts', "import { luck } from '../strategy/luck.ts';\nexport const upwards = luck;", 'no-restricted-imports'],
  [
    'src/wiring/upwards.ts',
    "import { parseSymbols } from '../commands/options/symbols.ts';\nexport const parse = parseSymbols;",
    'no-restricted-imports',
  ],
  ['src/execution/upwards.ts', "import { ask } from '../exchange/bybit/ask.ts';\nexport const upwards = ask;", 'no-restricted-imports'],
  [
    'src/exchange/bybit/sideways.ts',
    "import { timer } from '../../execution/wait.ts';\nexport const sideways = timer;",
    'no-restricted-imports',
  ],
  [
    'src/harness/upwards.ts',
    "import { exchange } from '../commands/library.ts';\nexport const upwards = exchange;",
    'no-restricted-imports',
  ],
  ['src/execution/age.ts', 'export const age = (clock: { now(): number }, since: number): number => clock.now() - since;', 'wall-clock'],
  [
    'src/telemetry/deadline.ts',
    'export function isOver(parts: { clock: { now(): number } }, end: number): boolean {\n  const now = parts.clock.now();\n  return now >= end;\n}',
    'wall-clock',
  ],
  ['src/execution/coin.ts', "export const coin = 'USDT';", 'bybit-words'],
  ['src/risk/refusal.ts', "export const isTaker = (reason: string): boolean => reason.includes('PostOnly');", 'bybit-words'],
  ['src/telemetry/code.ts', 'export const isThrottled = (code: number): boolean => code === 10_006;', 'bybit-words'],
  ['src/model/any.ts', 'export const anything: any = 1;', 'no-explicit-any'],
  ['src/model/assertion.ts', 'export const text = (1 as unknown) as string;', 'consistent-type-assertions'],
  ['src/model/bang.ts', 'export const first = (list: number[]): number => list[0]!;', 'no-non-null-assertion'],
  [
    'src/model/floating.ts',
    'const work = async (): Promise<void> => {};\nexport const start = (): void => {\n  work();\n};',
    'no-floating-promises',
  ],
  ['src/model/standard.ts', 'export default 1;', 'no-default-export'],
  [
    'src/model/barrel.ts',
    "export * from './time.ts';\nexport * from './any.ts';\nexport * from './bang.ts';\nexport * from './circle-a.ts';",
    'no-barrel-file',
  ],
  ['src/model/circle-a.ts', "import { b } from './circle-b.ts';\nexport const a = (): unknown => b;", 'no-cycle'],
  ['src/model/circle-b.ts', "import { a } from './circle-a.ts';\nexport const b = (): unknown => a;", 'no-cycle'],
  [
    'src/model/long.ts',
    `export function long(): number {\n  let x = 0;\n${'  x += 1;\n'.repeat(70)}  return x;\n}`,
    'max-lines-per-function',
  ],
  [
    'src/model/switch.ts',
    "type Kind = 'a' | 'b';\nexport function pick(kind: Kind): number {\n  switch (kind) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}",
    'switch-exhaustiveness-check',
  ],
];

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mmbot-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const found = new Set<string>();
beforeAll(async () => {
  for (const name of ['oxlint.config.mjs', 'oxlint-rules.mjs', 'tsconfig.json', 'package.json'])
    cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, code] of VIOLATIONS) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${code}\n`);
  }
  const { stdout } = await execa('node_modules/.bin/oxlint', ['--config', 'oxlint.config.mjs', '--type-aware', '--format', 'json', 'src'], {
    cwd: folder,
    reject: false,
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  for (const { code, filename } of diagnostics) found.add(`${filename} ${code.replace(/^.*\((.*)\)$/, '$1')}`);
});

describe('lint', () => {
  test.each(VIOLATIONS)('%s breaks a rule and is noticed', (file, _, rule) => {
    expect([...found]).toContain(`${file} ${rule}`);
  });
});
