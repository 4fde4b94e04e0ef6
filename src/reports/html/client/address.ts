import type { Pin } from './pin.ts';
import type { Zoom } from './zoom.ts';

/** Keeps the visible part and the pinned instant in the address, seconds: `#t=95-140&at=97.25`. Back undoes a zoom. */
export function keepInAddress(zoom: Zoom, pin: Pin): void {
  let isReading = false;
  const read = (): void => {
    isReading = true;
    const { span, atMs } = parse(location.hash);
    if (span === undefined) zoom.showAll();
    else zoom.show(span);
    if (atMs === undefined) pin.clear();
    else pin.set(atMs);
    isReading = false;
  };
  zoom.onChange(() => {
    const hash = hashOf(zoom, pin);
    if (!isReading && hash !== location.hash) history.pushState(undefined, '', addressOf(hash));
  });
  pin.onChange(() => {
    if (!isReading) history.replaceState(undefined, '', addressOf(hashOf(zoom, pin)));
  });
  addEventListener('popstate', read);
  if (location.hash !== '') read();
}

function addressOf(hash: string): string {
  return hash === '' ? `${location.pathname}${location.search}` : hash;
}

function hashOf({ isWhole, span }: Zoom, { atMs }: Pin): string {
  const parts = [
    ...(isWhole ? [] : [`t=${secondsText(span.min)}-${secondsText(span.max)}`]),
    ...(atMs === undefined ? [] : [`at=${secondsText(atMs)}`]),
  ];
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

function secondsText(ms: number): string {
  return String(Number((ms / 1000).toFixed(3)));
}

function parse(hash: string) {
  const span = /[#&]t=([\d.]+)-([\d.]+)/.exec(hash);
  const at = /[#&]at=([\d.]+)/.exec(hash);
  const [min, max] = [1000 * Number(span?.[1]), 1000 * Number(span?.[2])];
  const atMs = 1000 * Number(at?.[1]);
  return { span: min < max ? { min, max } : undefined, atMs: Number.isFinite(atMs) ? atMs : undefined };
}
