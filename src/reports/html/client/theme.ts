import type { PlotColor } from '../plots.ts';

/** A color of the page’s style sheet as it currently is: light, dark or print. */
export function colorOf(name: PlotColor | 'rule' | 'amber' | 'page'): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Calls `listener` when the colors change. */
export function onThemeChange(listener: () => void): void {
  for (const query of ['(prefers-color-scheme: dark)', 'print']) matchMedia(query).addEventListener('change', listener);
}
