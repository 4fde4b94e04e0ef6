import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { COUNTERS, GAUGES, HISTOGRAMS } from '../../../src/telemetry/metric-table.ts';
import { alertRules, dashboard, dashboardQueries, metricsIn, RULE_TESTS, textOf } from '../../support/monitoring.ts';

const SERIES = new Set([
  ...Object.keys(COUNTERS),
  ...Object.keys(GAUGES),
  ...Object.keys(HISTOGRAMS).flatMap((name) => [`${name}_bucket`, `${name}_sum`, `${name}_count`]),
]);
/** Prometheus makes it. */
const FOREIGN = new Set(['up']);

/** Every expression of monitoring/, by where it stands. */
function expressions(): readonly { readonly place: string; readonly expr: string }[] {
  const { tests } = parse(textOf(RULE_TESTS)) as { tests: { name: string; input_series: { series: string }[] }[] };
  return [
    ...alertRules().map(({ alert, expr }) => ({ place: `alert ${alert}`, expr })),
    ...dashboardQueries(dashboard()),
    ...tests.flatMap(({ name, input_series: series }) => series.map(({ series: expr }) => ({ place: `rule test ${name}`, expr }))),
  ];
}

describe('the metrics of monitoring/', () => {
  test('all exist in the code', () => {
    const unknown = expressions().flatMap(({ place, expr }) =>
      metricsIn(expr).flatMap((name) => (SERIES.has(name) || FOREIGN.has(name) ? [] : [`${place}: ${name}`])),
    );
    expect(unknown).toEqual([]);
  });

  test('are all metrics of the code: each is used', () => {
    const used = new Set(
      [...alertRules().map(({ expr }) => expr), ...dashboardQueries(dashboard()).map(({ expr }) => expr)].flatMap(metricsIn),
    );
    const names = [...Object.keys(COUNTERS), ...Object.keys(GAUGES), ...Object.keys(HISTOGRAMS)];
    const isUsed = (name: string): boolean => used.has(name) || used.has(`${name}_bucket`);
    expect(names.filter((name) => !isUsed(name))).toEqual([]);
  });

  test('have the labels that are asked for', () => {
    const labelsOf = new Map(
      [...Object.entries(COUNTERS), ...Object.entries(GAUGES), ...Object.entries(HISTOGRAMS)].map(([name, { labels }]) => [
        name,
        Object.keys(labels),
      ]),
    );
    const wrong = expressions().flatMap(({ place, expr }) =>
      [...expr.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, series = '', matchers = '']) => {
        const name = HISTOGRAMS_BY_SERIES.get(series) ?? series;
        const known = [...(labelsOf.get(name) ?? []), 'job', 'instance', 'le'];
        const asked = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
        return asked.filter((label) => !known.includes(label)).map((label) => `${place}: ${series} has no ${label}`);
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('a misspelled metric, and one inside a function, would be found', () => {
    expect(metricsIn('histogram_quantile(0.95, sum by (le) (rate(mm_latncy_ms_bucket{stage="ack"}[5m]))) > 340')).toEqual([
      'mm_latncy_ms_bucket',
    ]);
    expect(metricsIn('deriv(a_b[1h]) * 3600 > 50 and c_d offset 1h > 0 or sum(rate(e_f[1m])) / avg by (x, y) (g_h)')).toEqual([
      'a_b',
      'c_d',
      'e_f',
      'g_h',
    ]);
  });
});

describe('the alerts', () => {
  interface RuleTest {
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
  }
  const { tests } = parse(textOf(RULE_TESTS)) as { tests: readonly RuleTest[] };
  const cases = tests.flatMap(({ alert_rule_test: cases }) => cases);

  test.each(alertRules().map(({ alert }) => alert))('%s has a test that fires it and one that does not', (alert) => {
    const firing = cases.filter(({ alertname }) => alertname === alert).map(({ exp_alerts: expected }) => expected.length > 0);
    expect(new Set(firing)).toEqual(new Set([true, false]));
  });

  test('are the plan’s five and what an operator needs, each with a severity and what to do', () => {
    const severities = alertRules().map(({ alert, labels }) => [alert, labels.severity]);
    expect(Object.fromEntries(severities)).toEqual({
      FreezeEventDetected: 'critical',
      OrdersMayRemain: 'critical',
      TargetDown: 'critical',
      HighLatencyP99: 'critical',
      HighLatencyP95: 'warning',
      HighRiskRatioP95: 'warning',
      CircuitBreakerTripped: 'warning',
      ReconciliationDivergence: 'warning',
      NoQuotes: 'warning',
      StaleMarketData: 'warning',
      MemoryGrows: 'warning',
    });
    const rows = [...textOf('README.md').matchAll(/^\| (\w+) \| (critical|warning) \|/gm)].map(([, alert, severity]) => [alert, severity]);
    expect(Object.fromEntries(rows), 'the table of the README').toEqual(Object.fromEntries(severities));
    for (const { annotations } of alertRules()) expect(Object.keys(annotations)).toEqual(['summary', 'action']);
  });
});

const HISTOGRAMS_BY_SERIES = new Map<string, string>(
  Object.keys(HISTOGRAMS).flatMap((name) => ['bucket', 'sum', 'count'].map((part) => [`${name}_${part}`, name])),
);

test('a new Grafana gets the port and interval of Prometheus, and the dashboard at the path of the README', () => {
  const { datasources } = parse(textOf('grafana/provisioning/datasources/prometheus.yml')) as {
    datasources: readonly { readonly type: string; readonly url: string; readonly jsonData: { readonly timeInterval: string } }[];
  };
  const { global } = parse(textOf('prometheus/prometheus.yml')) as { global: { scrape_interval: string } };
  expect(datasources).toMatchObject([
    { type: 'prometheus', url: 'http://127.0.0.1:9090', jsonData: { timeInterval: global.scrape_interval } },
  ]);
  const { providers } = parse(textOf('grafana/provisioning/dashboards/mmbot.yml')) as {
    providers: readonly { readonly options: { readonly path: string } }[];
  };
  const readme = textOf('README.md');
  expect(readme).toContain('--web.listen-address=127.0.0.1:9090');
  for (const { options } of providers) expect(readme).toContain(`monitoring/grafana:${options.path}:ro`);
});

describe('the dashboard', () => {
  test('has unique ids, among them 100 and 101 with the lines of the objectives', () => {
    const { panels, uid } = dashboard();
    expect(uid).toBe('mmbot-overview');
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const linesOf = (wanted: number): (number | null)[] =>
      panels.find(({ id }) => id === wanted)?.fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value) ?? [];
    expect(linesOf(100)).toEqual([null, 340, 500]);
    expect(linesOf(101)).toEqual([null, 0.4]);
  });

  test('has its data source, bot and symbol as variables, and marks freezes', () => {
    const { templating, annotations } = dashboard();
    expect(templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['instance', 'query'],
      ['symbol', 'query'],
    ]);
    const sources = [...textOf('grafana/mm_bot_overview.json').matchAll(/"datasource": \{([^}]*\}?[^}]*)\}/g)].map(([, source]) => source);
    expect(new Set(sources)).toEqual(new Set([' "type": "prometheus", "uid": "${datasource}" ']));
    expect(annotations.list.map(({ name }) => name)).toContain('Freezes');
  });

  test('has panels within its grid that do not overlap', () => {
    const taken = new Set<string>();
    for (const { id, gridPos } of dashboard().panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x} ${y}`), `panel ${id} at ${x} ${y}`).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });
});
