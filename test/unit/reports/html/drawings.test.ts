import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intervalsHtml } from '../../../../src/reports/html/intervals.ts';
import { placeLabels, type LabelPoint } from '../../../../src/reports/html/labels.ts';
import { nameHtml } from '../../../../src/reports/html/rich-table.ts';
import { placeOn, scaleAround, scaleOf } from '../../../../src/reports/html/scale.ts';

describe('a scale', () => {
  test('covers its values, with at least one and few round ticks inside', () => {
    const figures = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true, noDefaultInfinity: true }), { maxLength: 50 });
    fc.assert(
      fc.property(figures, fc.integer({ min: 3, max: 8 }), (values, most) => {
        const scale = scaleOf(values, most);
        for (const value of values) {
          expect(placeOn(scale, value)).toBeGreaterThanOrEqual(0);
          expect(placeOn(scale, value)).toBeLessThanOrEqual(100);
        }
        expect(scale.ticks.length).toBeGreaterThanOrEqual(1);
        expect(scale.ticks.length).toBeLessThanOrEqual(most + 1);
      }),
    );
  });

  test.each([
    [
      [0, 1],
      ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0'],
    ],
    [
      [-3, 12],
      ['0', '5', '10'],
    ],
    [
      [0.01, 0.05],
      ['0.01', '0.02', '0.03', '0.04', '0.05'],
    ],
    [
      [100, 900],
      ['200', '400', '600', '800'],
    ],
  ])('of %j has the ticks %j', (values, ticks) => {
    const scale = scaleOf(values);
    expect(scale.ticks.map((tick) => tick.toFixed(scale.digits))).toEqual(ticks);
  });

  test('is not stretched by a value far from those that matter', () => {
    expect(scaleAround([0, 1], [-500], 3)).toEqual(scaleOf([0, 1, -3]));
    expect(scaleAround([0, 1], [-2, 2], 3)).toEqual(scaleOf([0, 1, -2, 2]));
  });

  test('without anything that matters covers the rest', () => {
    expect(scaleAround([0], [-500], 3)).toEqual(scaleOf([0, -500]));
    expect(scaleAround([], [], 3)).toEqual(scaleOf([]));
  });
});

describe('an interval', () => {
  const scale = scaleOf([-10, 10]);
  const drawn = (value: number | null, interval: readonly [number, number] | null): string => {
    const html = intervalsHtml(scale, [{ value, interval, shape: 'rival' }]);
    return html.slice(html.indexOf('<g'));
  };

  test('reaches from its low to its high end, around its value', () => {
    expect(drawn(0, [-5, 5])).toBe(
      '<g class="rival"><line x1="26.9%" x2="73.1%" y1="50%" y2="50%"/><circle class="shape" cx="50%" cy="50%" r="4.5"/></g></svg>',
    );
  });

  test('ends with an arrow where it goes on beyond the plot, also with its value', () => {
    expect(drawn(0, [-50, 5]).match(/class="beyond"/g)).toHaveLength(1);
    expect(drawn(0, [-50, 50]).match(/class="beyond"/g)).toHaveLength(2);
    expect(drawn(-20, [-30, -15])).not.toContain('circle');
    expect(drawn(-20, [-30, -15]).match(/class="beyond"/g)).toHaveLength(1);
  });

  test('is a point where it is unknown, and nothing without a value', () => {
    expect(drawn(0, null)).not.toContain('<line');
    expect(intervalsHtml(scale, [{ value: null, interval: null, shape: 'left' }])).not.toContain('<g');
  });
});

describe('labels', () => {
  const point = fc.record({
    x: fc.integer({ min: 2, max: 98 }),
    y: fc.integer({ min: 2, max: 98 }),
    label: fc.string({ minLength: 0, maxLength: 20 }),
  });
  const HEIGHT = 320;

  /** As a reader would see them: 7 px for a letter, which is more than most take. */
  function boxOf({ x, y, label }: LabelPoint, { dx, dy, anchor }: NonNullable<ReturnType<typeof placeLabels>[number]>, width: number) {
    const left = (x * width) / 100 + dx - { start: 0, middle: 0.5, end: 1 }[anchor] * 7 * label.length;
    const base = (y * HEIGHT) / 100 + dy;
    return { left, right: left + 7 * label.length, top: base - 10, bottom: base + 3 };
  }

  test.each([
    ['on a screen', 800, false],
    ['on a phone', 330, true],
  ])('never cover each other or a point, %s', (_, width, isPhone) => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 25 }), (points) => {
        const places = placeLabels(points, [], HEIGHT);
        const boxes = points.flatMap((each, i) => {
          const place = places[i];
          return place === undefined || (isPhone && !place.isNarrow) ? [] : [boxOf(each, place, width)];
        });
        for (const [i, a] of boxes.entries()) {
          for (const b of boxes.slice(i + 1))
            expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
          for (const { x, y } of points) {
            const [px, py] = [(x * width) / 100, (y * HEIGHT) / 100];
            expect(px > a.left && px < a.right && py > a.top && py < a.bottom).toBe(false);
          }
          expect(a.left).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test('a single one always has its place, the first of neighbors the best one', () => {
    expect(placeLabels([{ x: 50, y: 50, label: 's1 · 8' }], [], HEIGHT)).toEqual([{ dx: 10, dy: 4, anchor: 'start', isNarrow: true }]);
    const [first, second] = placeLabels(
      [
        { x: 50, y: 50, label: 'first' },
        { x: 50.5, y: 50, label: 'second' },
      ],
      [],
      HEIGHT,
    );
    expect(first?.anchor).toBe('end');
    expect(second?.anchor).toBe('start');
  });
});

test('a name may be broken between its parts, not inside of an escaped sign', () => {
  expect(nameHtml('a/b=1,c=2')).toBe('a/<wbr>b=1,<wbr>c=2');
  expect(nameHtml('<a/>')).toBe('&lt;a/<wbr>&gt;');
});
