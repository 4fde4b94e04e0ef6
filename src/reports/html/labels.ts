/** Where the label of a point goes: px beside it, so that no two labels overlap. */
export interface LabelPlace extends Direction {
  /** Whether there is room on a phone too. */
  readonly isNarrow: boolean;
}

interface Direction {
  readonly dx: number;
  readonly dy: number;
  readonly anchor: 'start' | 'end' | 'middle';
}

export interface Spot {
  /** Shares of the width and the height of the drawing, %. */
  readonly x: number;
  readonly y: number;
}

export interface LabelPoint extends Spot {
  /** Empty: a point that labels must not cover. */
  readonly label: string;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Drawings are as wide as the page: labels are free of each other at each of these widths, px. */
const WIDE = [560, 800, 1140];
const NARROW = [270, 330];
const WIDTHS = [...WIDE, ...NARROW];
const CHARACTER = 7;
const LINE = 15;
const REACH = 6;
/** Free space above a drawing, px. */
const ABOVE = 16;

const PLACES: readonly Direction[] = [
  { dx: 10, dy: 4, anchor: 'start' },
  { dx: -10, dy: 4, anchor: 'end' },
  { dx: 8, dy: -9, anchor: 'start' },
  { dx: -8, dy: -9, anchor: 'end' },
  { dx: 8, dy: 18, anchor: 'start' },
  { dx: -8, dy: 18, anchor: 'end' },
  { dx: 0, dy: -12, anchor: 'middle' },
  { dx: 0, dy: 22, anchor: 'middle' },
];

/**
 * Undefined for a label that has no room, and for an empty one. The first points choose first; places that are free on a phone too are
 * preferred. `obstacles`: what else labels must not cover.
 */
export function placeLabels(points: readonly LabelPoint[], obstacles: readonly Spot[], height: number): (LabelPlace | undefined)[] {
  const taken = new Map(WIDTHS.map((width) => [width, [...points, ...obstacles].map((spot) => aroundSpot(spot, width, height))]));
  const isFree = (point: LabelPoint, direction: Direction, widths: readonly number[]): boolean =>
    widths.every((width) => {
      const box = aroundLabel(point, direction, width, height);
      return isInside(box, width, height) && !taken.get(width)?.some((other) => overlap(box, other));
    });
  return points.map((point) => {
    if (point.label === '') return undefined;
    const narrow = PLACES.find((direction) => isFree(point, direction, WIDTHS));
    const direction = narrow ?? PLACES.find((each) => isFree(point, each, WIDE));
    if (direction === undefined) return undefined;
    const widths = narrow === undefined ? WIDE : WIDTHS;
    for (const width of widths) taken.get(width)?.push(aroundLabel(point, direction, width, height));
    return { ...direction, isNarrow: narrow !== undefined };
  });
}

function aroundSpot({ x, y }: Spot, width: number, height: number): Box {
  const [px, py] = [(x * width) / 100, (y * height) / 100];
  return { left: px - REACH, right: px + REACH, top: py - REACH, bottom: py + REACH };
}

function aroundLabel({ x, y, label }: LabelPoint, { dx, dy, anchor }: Direction, width: number, height: number): Box {
  const long = CHARACTER * label.length;
  const at = (x * width) / 100 + dx;
  const left = anchor === 'start' ? at : anchor === 'end' ? at - long : at - long / 2;
  const bottom = (y * height) / 100 + dy + 4;
  return { left, right: left + long, top: bottom - LINE, bottom };
}

function isInside({ left, right, top, bottom }: Box, width: number, height: number): boolean {
  return left >= 0 && right <= width + 12 && top >= -ABOVE && bottom <= height;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
