import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { defined } from '../util/assert.ts';
import { COUNTERS, GAUGES, HISTOGRAMS } from './metric-table.ts';

type Values<Labels> = { readonly [Name in keyof Labels]: Labels[Name] extends readonly (infer Value extends string)[] ? Value : string };
type CounterLabels<Name extends keyof typeof COUNTERS> = Values<(typeof COUNTERS)[Name]['labels']>;
type GaugeLabels<Name extends keyof typeof GAUGES> = Values<(typeof GAUGES)[Name]['labels']>;
type HistogramLabels<Name extends keyof typeof HISTOGRAMS> = Values<(typeof HISTOGRAMS)[Name]['labels']>;

/** The metrics of the table, in a registry of their own. Only this file uses prom-client. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();

  /** `symbols`: all symbols that labels will name. Counters and histograms start at 0, so that the first event shows as an increase. */
  constructor(symbols: readonly string[]) {
    const registers = [this.#registry];
    for (const [name, { help, labels }] of Object.entries(COUNTERS)) {
      const counter = new Counter({ name, help, labelNames: Object.keys(labels), registers });
      for (const series of seriesOf(labels, symbols)) counter.inc(series, 0);
      this.#counters.set(name, counter);
    }
    for (const [name, { help, labels }] of Object.entries(GAUGES)) {
      this.#gauges.set(name, new Gauge({ name, help, labelNames: Object.keys(labels), registers }));
    }
    for (const [name, { help, labels, edges }] of Object.entries(HISTOGRAMS)) {
      const histogram = new Histogram({ name, help, labelNames: Object.keys(labels), buckets: [...edges], registers });
      for (const series of seriesOf(labels, symbols)) histogram.zero(series);
      this.#histograms.set(name, histogram);
    }
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  add<Name extends keyof typeof COUNTERS>(name: Name, labels: CounterLabels<Name>, by = 1): void {
    defined(this.#counters.get(name), name).inc(labels, by);
  }

  /** For totals that are counted elsewhere; `total` must never fall. */
  raiseTo<Name extends keyof typeof COUNTERS>(name: Name, labels: CounterLabels<Name>, total: number): void {
    const counter = defined(this.#counters.get(name), name);
    counter.reset();
    counter.inc(labels, total);
  }

  set<Name extends keyof typeof GAUGES>(name: Name, labels: GaugeLabels<Name>, value: number): void {
    defined(this.#gauges.get(name), name).set(labels, value);
  }

  /** Removes the series until they are set again. */
  clear(name: keyof typeof GAUGES): void {
    defined(this.#gauges.get(name), name).reset();
  }

  /** Ignores values that are not finite: a bad figure must never stop a bot. */
  observe<Name extends keyof typeof HISTOGRAMS>(name: Name, labels: HistogramLabels<Name>, value: number): void {
    if (Number.isFinite(value)) defined(this.#histograms.get(name), name).observe(labels, value);
  }

  /** The metrics in the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

/** All combinations of the labels’ values. */
function seriesOf(labels: Readonly<Record<string, string | readonly string[]>>, symbols: readonly string[]): Record<string, string>[] {
  return Object.entries(labels).reduce<Record<string, string>[]>(
    (series, [label, values]) => {
      const all = typeof values === 'string' ? symbols : values;
      return series.flatMap((one) => all.map((value) => ({ ...one, [label]: value })));
    },
    [{}],
  );
}
