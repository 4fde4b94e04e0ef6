import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { defined } from '../util/assert.ts';
import { COUNTERS, GAUGES, HISTOGRAMS } from './metric-table.ts';

type Values<Labels> = { readonly [Name in keyof Labels]: Labels[Name] extends readonly (infer Value extends string)[] ? Value : string };
type CounterLabels<Name extends keyof typeof COUNTERS> = Values<(typeof COUNTERS)[Name]['labels']>;
type GaugeLabels<Name extends keyof typeof GAUGES> = Values<(typeof GAUGES)[Name]['labels']>;
type HistogramLabels<Name extends keyof typeof HISTOGRAMS> = Values<(typeof HISTOGRAMS)[Name]['labels']>;

/** The metrics of the table on a registry of their own; the only file that knows prom-client. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();

  /** `symbols`: all that labels will name. Counters and histograms begin at 0, so that the first event is an increase. */
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

  /** For what somebody else counts; `total` never falls. */
  raiseTo<Name extends keyof typeof COUNTERS>(name: Name, labels: CounterLabels<Name>, total: number): void {
    const counter = defined(this.#counters.get(name), name);
    counter.reset();
    counter.inc(labels, total);
  }

  set<Name extends keyof typeof GAUGES>(name: Name, labels: GaugeLabels<Name>, value: number): void {
    defined(this.#gauges.get(name), name).set(labels, value);
  }

  /** Its series disappear until they are set again. */
  clear(name: keyof typeof GAUGES): void {
    defined(this.#gauges.get(name), name).reset();
  }

  /** What is no number is left out: a figure must never stop a bot. */
  observe<Name extends keyof typeof HISTOGRAMS>(name: Name, labels: HistogramLabels<Name>, value: number): void {
    if (Number.isFinite(value)) defined(this.#histograms.get(name), name).observe(labels, value);
  }

  /** The text of a scrape. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

/** Every combination of the labels' values. */
function seriesOf(labels: Readonly<Record<string, string | readonly string[]>>, symbols: readonly string[]): Record<string, string>[] {
  return Object.entries(labels).reduce<Record<string, string>[]>(
    (series, [label, values]) => {
      const all = typeof values === 'string' ? symbols : values;
      return series.flatMap((one) => all.map((value) => ({ ...one, [label]: value })));
    },
    [{}],
  );
}
