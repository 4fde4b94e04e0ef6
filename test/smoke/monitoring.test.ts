import { execa } from 'execa';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { folderWith } from '../support/program/folders.ts';
import { PATIENT } from '../support/bots/live-bot.ts';
import { dashboard, dashboardQueries, missing, MONITORING, textOf } from '../support/monitoring.ts';
import { startMmbot } from '../support/program/running.ts';

interface Notification {
  readonly receiver: string;
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** Where Alertmanager sends its notifications. */
async function webhook(): Promise<{ readonly url: string; readonly received: Promise<Notification> }> {
  let deliver: (notification: Notification) => void = () => undefined;
  const received = new Promise<Notification>((resolve) => {
    deliver = resolve;
  });
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      response.end();
      const notification = JSON.parse(body) as Notification;
      if (notification.alerts.some(({ labels }) => labels['alertname'] === 'FreezeEventDetected')) deliver(notification);
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${port}/alerts`, received };
}

/** Prometheus or Alertmanager on a free loopback port until the test ends; resolves when it is ready. */
async function serving(program: string, args: readonly string[], cwd: string): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = execa(program, [...args, `--web.listen-address=${address}`], { cwd, reject: false, all: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = child.then(({ all }) => Promise.reject(new Error(`${program} ended: ${all}`)));
  const isReady = (): Promise<boolean> =>
    fetch(`http://${address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  const ready = async (): Promise<void> => {
    while (!(await isReady())) await pause(100);
  };
  await Promise.race([ready(), ended]);
  return address;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** As in monitoring/, but for the receiver. */
function startAlertmanager(receiver: string): Promise<string> {
  const config = parse(textOf('alertmanager/alertmanager.yml')) as Readonly<Record<string, unknown>>;
  const receivers = [{ name: 'operator', webhook_configs: [{ url: receiver }] }];
  const folder = folderWith({ 'alertmanager.yml': stringify({ ...config, receivers }) });
  return serving('prometheus-alertmanager', ['--config.file=alertmanager.yml', '--storage.path=data', '--cluster.listen-address='], folder);
}

/** As in monitoring/, but for the addresses, and with one second where it says five. */
function startPrometheus(bot: string, alertmanager: string): Promise<string> {
  const config = parse(textOf('prometheus/prometheus.yml')) as Readonly<Record<string, unknown>>;
  const folder = folderWith({
    'prometheus.yml': stringify({
      ...config,
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [join(MONITORING, 'prometheus/alerts.yml')],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
      scrape_configs: [{ job_name: 'mmbot', static_configs: [{ targets: [bot] }] }],
    }),
  });
  return serving('prometheus', ['--config.file=prometheus.yml', '--storage.tsdb.path=data'], folder);
}

/** Some seconds after the start. */
const FREEZES_AT_FILL_13 = ['--set', 'risk.fillBurstMs=60000', '--set', 'risk.maxFillsInBurst=12'];

/** A second or two; no more than what its data is kept and looked at for. */
const SHOWN_WITHIN_MS = 50_000;

/** Queries that show nothing while nothing is refused, differs or is quoted. */
const SILENT_WITHOUT_TROUBLE = new Set([
  'panel 12 B',
  'panel 12 C',
  'panel 23 A',
  'panel 23 B',
  'panel 33 A',
  'panel 33 B',
  'annotation Breaker',
  // Of mmbot campaign and mmbot worker, not of a bot.
  'panel 38 A',
  'panel 39 A',
  'panel 40 A',
]);

/** What Prometheus has of an expression now, as numbers. */
async function query(prometheus: string, expr: string): Promise<readonly number[]> {
  const response = await fetch(`http://${prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result.map(({ value }) => Number(value[1]));
}

async function withoutData<Query extends { readonly expr: string }>(
  queries: readonly Query[],
  prometheus: string,
): Promise<readonly Query[]> {
  const hasData = await Promise.all(queries.map(({ expr }) => hadData(prometheus, expr)));
  return queries.filter((_, i) => hasData[i] === false);
}

/** Whether an expression had a value at any second of the last minute, as a dashboard would show it. */
async function hadData(prometheus: string, expr: string): Promise<boolean> {
  const now = Date.now() / 1000;
  const range = new URLSearchParams({ query: expr, start: String(now - 60), end: String(now), step: '1' });
  const response = await fetch(`http://${prometheus}/api/v1/query_range?${range.toString()}`);
  const { data } = (await response.json()) as { data: { result: readonly unknown[] } };
  return data.result.length > 0;
}

test('a freeze in a soak reaches the operator: scraped by Prometheus, delivered by Alertmanager', async ({ skip }) => {
  const reason = missing('prometheus') ?? missing('prometheus-alertmanager');
  skip(reason !== undefined, reason);
  const { url, received } = await webhook();
  const alertmanager = await startAlertmanager(url);
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const prometheus = await startPrometheus(address, alertmanager);
  // It has to see the counter before the freeze as well, and begins to scrape seconds after its start.
  while ((await query(prometheus, 'up')).length === 0) await pause(100);
  const args = ['soak', '--profile', 's1', '--duration', '600', '--metrics-port', String(port)];
  const bot = startMmbot([...args, ...PATIENT, ...FREEZES_AT_FILL_13, '--out', folderWith()]);
  await bot.seen('"frozen"');
  const frozenAt = performance.now();
  const { alerts } = await received;
  console.info(`from the freeze to the webhook: ${((performance.now() - frozenAt) / 1000).toFixed(1)} s`);
  const alert = alerts.find(({ labels }) => labels['alertname'] === 'FreezeEventDetected');
  expect(alert).toMatchObject({ status: 'firing', labels: { job: 'mmbot', instance: address, severity: 'critical' } });
  expect(alert?.annotations).toMatchObject({ summary: `${address} froze: it quotes nothing until a person acts` });
  expect(await query(prometheus, 'up{job="mmbot"}')).toEqual([1]);
  expect(await query(prometheus, 'mm_freeze_events_total')).toEqual([1]);
  const [placed = 0] = await query(prometheus, 'mm_orders_placed_total');
  expect(placed).toBeGreaterThan(2);
  let silent: ReturnType<typeof dashboardQueries> = dashboardQueries(dashboard()).filter(({ place }) => !SILENT_WITHOUT_TROUBLE.has(place));
  while (silent.length > 0 && performance.now() - frozenAt < SHOWN_WITHIN_MS) {
    silent = await withoutData(silent, prometheus);
    await pause(200);
  }
  expect(silent).toEqual([]);
  bot.kill('SIGTERM');
  expect(await bot.exitCode).toBe(143);
});
