import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/program/folders.ts';
import { runMmbot } from '../support/program/run-mmbot.ts';
import { startMmbot } from '../support/program/running.ts';

const SMALL = [
  'campaign',
  '--profile',
  's1',
  '--vary',
  'quoting.orderSizeUsd=100,200',
  '--seeds',
  '3',
  '--confirm',
  '1',
  '--duration',
  '10',
  '--no-pages',
  '--quiet',
];
const OUT = 'reports/campaign';

interface Answer {
  readonly verdict: string;
  readonly setups: readonly { readonly name: string; readonly runs: number }[];
  readonly confirmation: readonly unknown[];
  readonly runs: readonly { readonly id: string }[];
}

function answerIn(cwd: string): string {
  return readFileSync(join(cwd, OUT, 'campaign.json'), 'utf8');
}

function resultsIn(cwd: string): readonly string[] {
  return readdirSync(join(cwd, OUT, 'runs')).filter((name) => name.endsWith('.json'));
}

describe.concurrent('a campaign', () => {
  test('has the same answer to the byte with one worker, with two, and after kills at bad moments', async ({ expect, onTestFinished }) => {
    const [one, two, killed] = [folderWith({}, onTestFinished), folderWith({}, onTestFinished), folderWith({}, onTestFinished)];
    const alone = await runMmbot([...SMALL, '--jobs', '1'], { cwd: one });
    // What is odd about s1 is said, once each; nothing else is.
    expect([alone.exitCode, [...alone.stderr.matchAll(/"event":"(\w+)"/g)].map(([, event]) => event)]).toEqual([
      0,
      ['settings_conflict', 'settings_conflict'],
    ]);
    await runMmbot([...SMALL, '--jobs', '2'], { cwd: two });
    for (const moment of ['"run_done"', '"campaign_started"']) {
      const loud = SMALL.filter((word) => word !== '--quiet').concat('--log-level', 'debug');
      const running = startMmbot(loud, { cwd: killed, onEnd: onTestFinished });
      await running.seen(moment);
      running.kill('SIGKILL');
      await running.exitCode;
    }
    expect(resultsIn(killed).length).toBeGreaterThan(0);
    await runMmbot(SMALL, { cwd: killed });
    expect(answerIn(two)).toBe(answerIn(one));
    expect(answerIn(killed)).toBe(answerIn(one));
    const { setups, confirmation, runs, verdict }: Answer = JSON.parse(answerIn(one));
    expect(setups.map((setup) => setup.runs)).toEqual([3, 3]);
    expect(confirmation).toHaveLength(2);
    expect(runs).toHaveLength(8);
    expect(verdict).toBe('PASS');
  });

  test('keeps what is done when it is stopped, says so, and goes on', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({}, onTestFinished);
    const args = ['campaign', '--seeds', '4', '--duration', '10', '--no-pages', '--log-level', 'debug'];
    const running = startMmbot(args, { cwd, onEnd: onTestFinished });
    await running.seen('"run_done"');
    running.kill('SIGINT');
    expect(await running.exitCode).toBe(130);
    expect(running.stderr()).toMatch(/Stopped: the results of \d runs? are kept in reports\/campaign, and the same command goes on/);
    expect(() => answerIn(cwd)).toThrow('ENOENT');
    const before = new Map(resultsIn(cwd).map((name) => [name, readFileSync(join(cwd, OUT, 'runs', name), 'utf8')]));
    const again = await runMmbot(args, { cwd });
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain(`"kept":${before.size}`);
    for (const [name, text] of before) expect(readFileSync(join(cwd, OUT, 'runs', name), 'utf8')).toBe(text);
  });

  test('tells metrics how far it is', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({}, onTestFinished);
    const args = ['campaign', '--profile', 's1,conservative', '--seeds', '3', '--duration', '60', '--no-pages', '--metrics-port', '0'];
    const running = startMmbot(args, { cwd, onEnd: onTestFinished });
    await running.seen('"campaign_progress"');
    const [, url = ''] = /"url":"([^"]+)"/.exec(running.stderr()) ?? [];
    const text = await (await fetch(url)).text();
    expect(text).toMatch(/mm_campaign_runs\{state="planned"\} 10\n/);
    expect(text).toMatch(/mm_campaign_setups\{state="left"\} 2\n/);
    running.kill('SIGTERM');
    expect(await running.exitCode).toBe(143);
  });

  test('makes a run again whose result is damaged', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({}, onTestFinished);
    const args = ['campaign', '--seeds', '1', '--duration', '10', '--no-pages', '--quiet'];
    await runMmbot(args, { cwd });
    const [name = ''] = resultsIn(cwd);
    const path = join(cwd, OUT, 'runs', name);
    const [answer, result] = [answerIn(cwd), readFileSync(path, 'utf8')];
    for (const [content, because] of [
      [result.slice(0, 100), /expected the text of a result/],
      [result.replace(/"feesUsd":[^,]*/, '"feesUsd":-1000'), /netUsd: expected the sum of its parts/],
      [result.replace(/"seed":"1"/, '"seed":"2"'), /seed: expected 1, was 2/],
    ] as const) {
      writeFileSync(path, content);
      const { stderr } = await runMmbot(args, { cwd });
      expect(stderr).toMatch(/result_damaged.*"because"/);
      expect(stderr).toMatch(because);
      expect(readFileSync(path, 'utf8')).toBe(result);
      expect(answerIn(cwd)).toBe(answer);
    }
  });

  test('answers a question by its exit code, prints CSV, and writes the best setup', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({}, onTestFinished);
    const shared = [...SMALL, '--write', 'best.yaml'];
    const no = await runMmbot([...shared, '--expect', 's1/orderSizeUsd=100 > 50', '--csv'], { cwd });
    expect(no.exitCode).toBe(1);
    expect(no.stdout.split('\n')[0]).toMatch(/^setup,profile,runs/);
    const yes = await runMmbot([...shared, '--expect', 's1/orderSizeUsd=100 > -50', '--json'], { cwd });
    expect(yes.exitCode).toBe(0);
    expect(JSON.parse(yes.stdout)).toMatchObject({ ok: true, verdict: 'PASS', expectations: [{ answer: 'yes' }], files: OUT });
    const open = await runMmbot(
      [...SMALL, '--expect', 's1/orderSizeUsd=100 > s1/orderSizeUsd=200', '--expect', 's1/orderSizeUsd=100 < s1/orderSizeUsd=200'],
      { cwd },
    );
    expect([1, 5]).toContain(open.exitCode);
    const explained = await runMmbot(['config-explain', '--profile', './best.yaml'], { cwd });
    expect([explained.exitCode, explained.stderr]).toEqual([0, '']);
  });

  test('of survival says which runs did not, and how to repeat them', async ({ expect, onTestFinished }) => {
    const cwd = folderWith({}, onTestFinished);
    const args = [
      'campaign',
      '--survive',
      '--seeds',
      '2',
      '--duration',
      '30',
      '--no-pages',
      '--quiet',
      '--set',
      'thresholds.quoteUptime=1',
    ];
    const { exitCode, stdout } = await runMmbot(args, { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/gate two-sided uptime/);
    expect(stdout).toMatch(
      /mmbot soak --clock virtual --set thresholds.quoteUptime=1 --market btc --symbols BTCUSDT --faults heavy --duration 30 --seed 1/,
    );
  });

  test.each([
    [['--vary', 'quoting.baseSpreadBp=1,2'], /did you mean quoting.baseSpreadBps/],
    [['--expect', 'net'], /Expected a question/],
    [['--expect', 'x > 0'], /there is no setup 'x'/],
    [['--plan', 'none.yaml'], /a file that exists/],
    [['--seeds', '0'], /a number of seeds/],
    [['--survive', '--expect', 'net > 0'], /cannot be used with/],
    [['--profile', 's1,'], /expected names or files/],
    [['--profile', 'nobody'], /one of/],
    [['--market', 'none'], /empty order book/],
    [['--jobs', '0'], /whole number from 1/],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr, stdout } = await runMmbot(['campaign', ...args], { cwd: folderWith() });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
