import type { PlotColor } from '../plots.ts';

/** A colour of the page's style sheet, as it is now: light, dark or on paper. */
export function colorOf(name: PlotColor | 'rule' | 'amber' | 'page'): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Calls `listener` when the colours change. */
export function onThemeChange(listener: () => void): void {
  for (const query of ['(prefers-color-scheme: dark)', 'print']) matchMedia(query).addEventListener('change', listener);
}
