import { execaSync } from 'execa';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const MONITORING = fileURLToPath(new URL('../../monitoring', import.meta.url));
const RULES = 'prometheus/alerts.yml';
export const RULE_TESTS = 'prometheus/alerts.test.yml';
const DASHBOARD = 'grafana/mm_bot_overview.json';

/** Why a test that needs this program is skipped; undefined when it is installed. */
export function missing(program: 'promtool' | 'amtool' | 'prometheus' | 'prometheus-alertmanager'): string | undefined {
  if (execaSync(program, ['--version'], { reject: false }).exitCode === 0) return undefined;
  const debian = program === 'promtool' || program === 'prometheus' ? 'prometheus' : 'prometheus-alertmanager';
  return `${program} is not installed: apt-get install ${debian}`;
}

export function textOf(file: string): string {
  return readFileSync(join(MONITORING, file), 'utf8');
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly action: string };
}

export function alertRules(): readonly AlertRule[] {
  const { groups } = parse(textOf(RULES)) as { groups: { rules: AlertRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

export interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
  readonly fieldConfig?: { readonly defaults: { readonly thresholds?: { readonly steps: readonly { readonly value: number | null }[] } } };
}

export interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[] };
}

export function dashboard(): Dashboard {
  return JSON.parse(textOf(DASHBOARD)) as Dashboard;
}

/** Every query of the dashboard by where it stands, with Grafana's variables filled in. */
export function dashboardQueries({
  panels,
  annotations,
  templating,
}: Dashboard): readonly { readonly place: string; readonly expr: string }[] {
  const variables = templating.list.flatMap(({ name, definition }) => {
    const expr = /^label_values\((.*), \w+\)$/.exec(definition ?? '')?.[1];
    return expr === undefined ? [] : [{ place: `variable ${name}`, expr }];
  });
  const queries = [
    ...panels.flatMap(({ id, targets = [] }) => targets.map(({ refId, expr }) => ({ place: `panel ${id} ${refId}`, expr }))),
    ...annotations.list.map(({ name, expr }) => ({ place: `annotation ${name}`, expr })),
    ...variables,
  ];
  return queries.map(({ place, expr }) => ({
    place,
    expr: expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(instance|symbol)\b/g, '.*'),
  }));
}

/** What a PromQL expression selects: the words that are neither labels, texts, durations, functions nor operators. */
export function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replaceAll(/\boffset\s+\w+/g, ' ');
  const words = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g)].map(([word]) => word);
  return [...new Set(words.filter((word) => !OPERATORS.has(word)))];
}

const OPERATORS = new Set(['and', 'or', 'unless', 'bool', 'sum', 'max', 'min', 'avg', 'count']);
