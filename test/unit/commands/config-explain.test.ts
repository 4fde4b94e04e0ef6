import { expect, test } from 'vitest';
import { configExplainCommand } from '../../../src/commands/config-explain.ts';
import { exitCodeOf } from '../../../src/commands/process/exit-code.ts';
import { KEYS } from '../../../src/config/fields.ts';
import { MmbotError } from '../../../src/errors.ts';
import { testHost, type TestHost } from '../../support/program/test-host.ts';

interface Run {
  readonly host: TestHost;
  readonly exitCode: number | undefined;
}

/** Settings from the environment and the command line alone; files are the loader's tests. */
function run(argv: readonly string[], env: Record<string, string> = {}, isTerminal = false): Run {
  const host = testHost({ argv, env, isTerminal });
  const command = configExplainCommand(host).exitOverride();
  command.parse(argv, { from: 'user' });
  return { host, exitCode: exitCodeOf(command) };
}

const rowsOf = ({ host }: Run): string[] => (host.stdout.text.split('\nhash ')[0] ?? '').split('\n').filter((line) => line.includes('.'));

test('every key has a row: value, unit, source and how many it overrides', () => {
  const rows = rowsOf(run([], { MM_RISK_MAX_POSITION_USD: '15000' }));
  expect(rows.map((row) => row.split(' ')[0])).toEqual(KEYS.map(({ key }) => key));
  expect(rows.find((row) => row.startsWith('risk.maxPositionUsd'))).toMatch(/ 15000 +USD +env MM_RISK_MAX_POSITION_USD +1$/);
  expect(rows.find((row) => row.startsWith('bybit.recvWindowMs'))).toMatch(/ 2000 +ms +default +0$/);
});

test('a pipe gets no colors and no lines; a terminal gets both, and no colors with NO_COLOR', () => {
  const env = { MM_RISK_MAX_POSITION_USD: '15000' };
  expect(run([], env).host.stdout.text).toMatch(/^[\x20-\x7e\n]*$/);
  const pretty = run([], env, true).host.stdout.text;
  expect(pretty).toContain('\u001b[');
  expect(pretty).toContain('│');
  expect(run([], { ...env, NO_COLOR: '1' }, true).host.stdout.text).not.toContain('\u001b[');
});

test('settings that defeat each other are named below the table, with the change to try', () => {
  const argv = ['--set', 'risk.maxPositionUsd=2000', '--set', 'risk.maxOrderUsd=2000', 'risk.maxPositionUsd'];
  expect(run(argv).host.stdout.text).toMatch(
    /\nhash \w+\n\nSettings that defeat each other:\n- one fill reaches HARD inventory.*Try: --set risk\.hardInventoryRatio=0\.5 /,
  );
  const { warnings } = JSON.parse(run([...argv, '--json']).host.stdout.text) as { warnings: unknown[] };
  expect(warnings[0]).toMatchObject({ code: 'fills_reach_hard', keys: expect.arrayContaining(['risk.hardInventoryRatio']) });
});

test('--why tells the winner first and every loser under it', () => {
  const { host } = run(['--why', 'quoting.baseSpreadBps', '--base-spread-bps', '2'], { MM_QUOTING_BASE_SPREAD_BPS: '3' });
  const lines = host.stdout.text.trimEnd().split('\n');
  expect(lines[0]).toBe('quoting.baseSpreadBps = 2 bps');
  expect(lines.slice(-3).map((line) => line.split(/ {2,}/))).toEqual([
    ['wins', 'cli', '2 bps', '--base-spread-bps'],
    ['loses', 'env', '3 bps', 'env MM_QUOTING_BASE_SPREAD_BPS'],
    ['loses', 'default', '8 bps', 'default'],
  ]);
});

test('--overridden leaves out what nobody set; keys and globs choose', () => {
  expect(rowsOf(run(['--overridden'], { MM_RISK_MAX_OPEN_ORDERS: '40' })).length).toBe(1);
  expect(run(['--overridden']).host.stdout.text).toMatch(/^Every key has its default\.\nhash [0-9a-f]{12}\n/);
  expect(rowsOf(run(['bybit.*', 'risk.maxOpenOrders'])).length).toBe(3);
});

test.each([[['--why', 'quoting.baseSpredBps']], [['quoting.baseSpredBps']]])('%j is refused with a suggestion', (argv) => {
  expect(() => run(argv)).toThrow(MmbotError);
  expect(() => run(argv)).toThrow('(did you mean quoting.baseSpreadBps?)');
});

test('--json is one document with every key, its winner and its losers', () => {
  const { host } = run(['--json', '--set', 'quoting.maxInFlight=3'], { MM_QUOTING_MAX_IN_FLIGHT: '4' });
  const document = JSON.parse(host.stdout.text) as { schemaVersion: number; configHash: string; fields: { key: string }[] };
  expect([document.schemaVersion, document.fields.length]).toEqual([1, KEYS.length]);
  expect(document.fields.find(({ key }) => key === 'quoting.maxInFlight')).toMatchObject({
    value: 3,
    layer: 'cli',
    source: '--set #1',
    unit: '',
    default: 2,
    overridden: [
      { value: 4, layer: 'env', source: 'env MM_QUOTING_MAX_IN_FLIGHT' },
      { value: 2, layer: 'default', source: 'default' },
    ],
  });
});

test('--hash prints the hash of the values and nothing else; --schema prints a schema', () => {
  expect(run(['--hash']).host.stdout.text).toMatch(/^[0-9a-f]{12}\n$/);
  expect(run(['--hash', '--set', 'quoting.maxInFlight=3']).host.stdout.text).not.toBe(run(['--hash']).host.stdout.text);
  expect(JSON.parse(run(['--schema']).host.stdout.text)).toMatchObject({ type: 'object', additionalProperties: false });
});

test('a profile that does not exist is refused by the option that named it', () => {
  expect(() => run(['--diff', 'nope'])).toThrow(/--diff: expected a file or one of .*, was 'nope' \(from --diff\)/);
  expect(() => run(['--profile', 'nope', '--diff', 's1'])).toThrow('(from --profile)');
});

test('--diff tells what another profile would change, and answers with exit 1', () => {
  const different = run(['--diff', 's1']);
  expect(different.exitCode).toBe(1);
  expect(rowsOf(different).map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
    ['quoting.baseSpreadBps', '8 bps', '0.85 bps'],
    ['quoting.adaptive', 'false', 'true'],
    ['quoting.feeFloor', 'true', 'false'],
    ['quoting.levels', '1', '4'],
    ['quoting.levelSpacingBps', '1 bps', '0.2 bps'],
    ['quoting.orderSizeUsd', '200 USD', '120 USD'],
  ]);
  // What the command line says holds on both sides.
  const sets = ['adaptive=true', 'levels=2', 'levelSpacingBps=1', 'orderSizeUsd=9', 'feeFloor=true'].flatMap((set) => [
    '--set',
    `quoting.${set}`,
  ]);
  const same = run(['--diff', 's1', '--base-spread-bps', '2', ...sets]);
  expect([same.exitCode, same.host.stdout.text]).toEqual([undefined, 'defaults and s1 give the same settings.\n']);
});
