import { execa } from 'execa';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { folderWith } from '../../support/program/folders.ts';
import { dashboard, dashboardQueries, missing, MONITORING } from '../../support/monitoring.ts';

/** Where the generated rules of the dashboard's queries lie in a copy of monitoring/. */
const PANELS = 'panels.yml';

const CHECKS = {
  rules: ['promtool', 'check', 'rules', 'prometheus/alerts.yml'],
  config: ['promtool', 'check', 'config', 'prometheus/prometheus.yml'],
  tests: ['promtool', 'test', 'rules', 'prometheus/alerts.test.yml'],
  panels: ['promtool', 'check', 'rules', PANELS],
  alertmanager: ['amtool', 'check-config', 'alertmanager/alertmanager.yml'],
} as const;

type CheckName = keyof typeof CHECKS;

/** A copy of monitoring/, with the dashboard's queries as rules. */
function copy(): string {
  const folder = folderWith();
  cpSync(MONITORING, folder, { recursive: true });
  writePanels(
    folder,
    dashboardQueries(dashboard()).map(({ expr }) => expr),
  );
  return folder;
}

function writePanels(folder: string, expressions: readonly string[]): void {
  const rules = expressions.map((expr, i) => ({ record: `panel:query:${i}`, expr }));
  writeFileSync(join(folder, PANELS), stringify({ groups: [{ name: 'dashboard', rules }] }));
}

async function passes(check: CheckName, folder: string): Promise<[boolean, string]> {
  const [program, ...args] = CHECKS[check];
  const { exitCode, all } = await execa(program, args, { cwd: folder, reject: false, all: true });
  return [exitCode === 0, all];
}

const RULES = 'prometheus/alerts.yml';
const CONFIG = 'prometheus/prometheus.yml';
const ROUTES = 'alertmanager/alertmanager.yml';

/** What spoils a copy: in which file, which text by which other; the check that must refuse it, and the alert whose tests do. */
const SPOILT: readonly (readonly [what: string, file: string, from: string, to: string, check: CheckName, alert: string | undefined])[] = [
  ['an expression that does not parse', RULES, '> 340', '> > 340', 'rules', undefined],
  ['an annotation that does not parse', RULES, '{{ $labels.kind }}', '{{ $labels.kind', 'rules', undefined],
  ['a rule file that is not there', CONFIG, 'alerts.yml', 'alarms.yml', 'config', undefined],
  ['an unknown setting of a scrape', CONFIG, 'static_configs', 'static_config', 'config', undefined],
  ['a receiver that is not there', ROUTES, '- name: operator', '- name: nobody', 'alertmanager', undefined],
  ['a limit that moved', RULES, '> 340', '> 400', 'tests', 'HighLatencyP95'],
  ['an alert that outlasts the breaker', RULES, 'state == 1', 'state == 1\n        for: 10m', 'tests', 'CircuitBreakerTripped'],
  ['a misspelt metric', RULES, 'mm_book_age_ms', 'mm_book_age', 'tests', 'StaleMarketData'],
  ['a lost label', RULES, '(job, instance, symbol)', '(job, instance)', 'tests', 'NoQuotes'],
];

/** The tests of the other alerts take time and say nothing about this one. */
function keepTestsOf(alert: string, folder: string): void {
  const path = join(folder, 'prometheus/alerts.test.yml');
  const file = parse(readFileSync(path, 'utf8')) as { tests: { alert_rule_test: { alertname: string }[] }[] };
  const tests = file.tests.filter(({ alert_rule_test: cases }) => cases.some(({ alertname }) => alertname === alert));
  writeFileSync(path, stringify({ ...file, tests }));
}

const reasonToSkip = missing('promtool') ?? missing('amtool');

describe('monitoring/', () => {
  beforeEach(({ skip }) => skip(reasonToSkip !== undefined, reasonToSkip));

  test.each(Object.keys(CHECKS) as CheckName[])('passes %s of its tool', async (check) => {
    expect(await passes(check, copy())).toEqual([true, expect.stringContaining('SUCCESS')]);
  });

  test.each(SPOILT)('with %s (in %s) is refused', async (_, file, from, to, check, alert) => {
    const folder = copy();
    if (alert !== undefined) keepTestsOf(alert, folder);
    expect((await passes(check, folder))[0]).toBe(true);
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replace(from, to));
    expect((await passes(check, folder))[0]).toBe(false);
  });

  test('with a panel’s query that does not parse is refused', async () => {
    const folder = copy();
    writePanels(folder, ['sum(rate(mm_fills_total[1m])']);
    expect((await passes('panels', folder))[0]).toBe(false);
  });
});
