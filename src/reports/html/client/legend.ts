import type uPlot from 'uplot';
import type { Plot, PlotBand, PlotLine } from '../plots.ts';
import { button, element } from './dom.ts';
import type { Pin } from './pin.ts';
import { bandText, indexAt, valueText, xText } from './values.ts';

interface Entry {
  readonly lines: readonly number[];
  readonly value: HTMLElement;
}

/** The names of a plot's lines with their values; a press hides a line and shows it again. uPlot's own legend is no list of buttons. */
export class Legend {
  readonly #plot: Plot;
  readonly #at = element('b', '');
  readonly #bands: HTMLElement[] = [];
  readonly #entries: Entry[] = [];
  #u: uPlot | undefined;

  readonly #pin: Pin;

  constructor(plot: Plot, pin: Pin, host: HTMLElement) {
    this.#plot = plot;
    this.#pin = pin;
    const items = [element('li', 'at', plot.axis === 'time' ? 'at ' : '', this.#at), ...this.#lineItems(), ...this.#bandItems()];
    host.after(element('ul', 'legend', ...items));
  }

  bind(u: uPlot): void {
    this.#u = u;
    this.show(u);
  }

  /** Shows the values under the pointer; without a pointer those of the pinned instant, or else those at the end. */
  show(u: uPlot): void {
    const { axis, lines, bands = [] } = this.#plot;
    const { idx, idxs, left = -1 } = u.cursor;
    const { min = 0, max = 0 } = u.scales['x'] ?? {};
    const pinnedMs = axis === 'time' && left < 0 ? this.#pin.atMs : undefined;
    const pinned = pinnedMs === undefined ? undefined : indexAt(u.data[0], pinnedMs);
    const index = pinned ?? idx;
    this.#at.textContent = xText(axis, typeof index === 'number' ? u.data[0][index] : undefined, max - min);
    for (const { lines: numbers, value } of this.#entries) {
      const [number = 0] = numbers;
      const line = lines[number];
      if (line !== undefined && numbers.length === 1)
        value.textContent = valueText(line, axis, u.data[number + 1] ?? [], pinned ?? idxs?.[number + 1]);
    }
    for (const [i, band] of bands.entries()) this.#bands[i]?.replaceChildren(bandValue(band, left < 0 ? pinnedMs : u.posToVal(left, 'x')));
  }

  #lineItems(): HTMLElement[] {
    const { lines } = this.#plot;
    const names = [...new Set(lines.map(({ label, group }) => group ?? label))];
    return names.map((name) => {
      const numbers = lines.flatMap(({ label, group }, i) => ((group ?? label) === name ? [i] : []));
      const [line] = numbers.flatMap((i) => lines[i] ?? []);
      const value = element('b', '');
      this.#entries.push({ lines: numbers, value });
      const words = [element('span', '', name.replace(/^[▲▼] /, '')), value];
      if (line === undefined || line.shape === 'note') return element('li', 'note', ...words);
      const marks = numbers.length > 1 ? numbers.flatMap((i) => lines[i] ?? []).slice(0, 2) : [line];
      return element('li', '', this.#toggle(numbers, [...marks.map(markerOf), ...words]));
    });
  }

  #toggle(numbers: readonly number[], content: readonly Node[]): HTMLElement {
    const toggle = button(
      '',
      () => {
        const isShown = toggle.ariaPressed !== 'true';
        toggle.ariaPressed = String(isShown);
        for (const number of numbers) this.#u?.setSeries(number + 1, { show: isShown });
      },
      ...content,
    );
    toggle.ariaPressed = 'true';
    return toggle;
  }

  #bandItems(): HTMLElement[] {
    return (this.#plot.bands ?? []).map(({ label, color }) => {
      const value = element('b', '');
      this.#bands.push(value);
      return element('li', 'note', marker('band', color), element('span', '', label), value);
    });
  }
}

function bandValue(band: PlotBand, atMs: number | undefined): string {
  return atMs === undefined ? '' : bandText(band, atMs);
}

const MARKERS: Readonly<Partial<Record<PlotLine['shape'], string>>> = {
  dashed: 'dashed',
  dotted: 'dotted',
  buys: 'up',
  sells: 'down',
  bars: 'block',
  area: 'block',
  faint: 'faint',
};

function markerOf({ shape, color }: PlotLine): HTMLElement {
  return marker(MARKERS[shape] ?? 'solid', color);
}

/** In the color of the style sheet, so that it changes with it. */
function marker(kind: string, color: string): HTMLElement {
  const mark = element('i', `marker ${kind}`);
  mark.style.setProperty('--c', `var(--${color})`);
  return mark;
}
