import type { Pin } from './pin.ts';
import type { Zoom } from './zoom.ts';

/** Keeps the visible part, the pinned instant (seconds) and the symbol in the address: `#t=95-140&at=97.25&symbol=ETHUSDT`. Back undoes a zoom. */
export function keepInAddress(zoom: Zoom, pin: Pin): void {
  const tabs = [...document.querySelectorAll<HTMLInputElement>('input[name="group"]')];
  let isReading = false;
  const read = (): void => {
    isReading = true;
    const { span, atMs, symbol } = parse(location.hash);
    selectTab(tabs, symbol);
    if (span === undefined) zoom.showAll();
    else zoom.show(span);
    if (atMs === undefined) pin.clear();
    else pin.set(atMs);
    isReading = false;
  };
  const write = (how: 'pushState' | 'replaceState'): void => {
    const hash = hashOf(zoom, pin, tabs);
    if (!isReading && hash !== location.hash) history[how](undefined, '', addressOf(hash));
  };
  zoom.onChange(() => write('pushState'));
  pin.onChange(() => write('replaceState'));
  for (const tab of tabs) tab.addEventListener('change', () => write('replaceState'));
  addEventListener('popstate', read);
  if (location.hash !== '') read();
}

function selectTab(tabs: readonly HTMLInputElement[], symbol: string | undefined): void {
  const wanted = tabs.find((tab) => nameOf(tab) === symbol) ?? tabs[0];
  if (wanted === undefined || wanted.checked) return;
  wanted.checked = true;
  wanted.dispatchEvent(new Event('change'));
}

function nameOf(tab: HTMLInputElement): string | null | undefined {
  return tab.parentElement?.textContent;
}

function addressOf(hash: string): string {
  return hash === '' ? `${location.pathname}${location.search}` : hash;
}

function hashOf({ isWhole, span }: Zoom, { atMs }: Pin, tabs: readonly HTMLInputElement[]): string {
  const selected = tabs.slice(1).find(({ checked }) => checked);
  const parts = [
    ...(isWhole ? [] : [`t=${secondsText(span.min)}-${secondsText(span.max)}`]),
    ...(atMs === undefined ? [] : [`at=${secondsText(atMs)}`]),
    ...(selected === undefined ? [] : [`symbol=${encodeURIComponent(nameOf(selected) ?? '')}`]),
  ];
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

function secondsText(ms: number): string {
  return String(Number((ms / 1000).toFixed(3)));
}

function parse(hash: string) {
  const words = new URLSearchParams(hash.slice(1));
  const [from = '', to = ''] = (words.get('t') ?? '').split('-');
  const [min, max] = [1000 * Number(from), 1000 * Number(to)];
  const at = words.get('at');
  const atMs = at === null ? Number.NaN : 1000 * Number(at);
  return {
    span: min < max ? { min, max } : undefined,
    atMs: Number.isFinite(atMs) ? atMs : undefined,
    symbol: words.get('symbol') ?? undefined,
  };
}
