import type { Pin } from './pin.ts';
import type { Zoom } from './zoom.ts';

/** A step of the pinned instant, as a share of the visible part. */
const PIN_STEP = 1 / 100;

/** The buttons and keys of all time plots. */
export function listenToKeys(zoom: Zoom, pin: Pin): void {
  const movePin = (by: number): void => {
    const { min, max } = zoom.span;
    pin.set((pin.atMs ?? (min + max) / 2) + by * (max - min) * PIN_STEP);
  };
  const actions: Readonly<Record<string, () => void>> = {
    in: () => zoom.scale(0.5),
    out: () => zoom.scale(2),
    back: () => zoom.move(-0.5),
    on: () => zoom.move(0.5),
    all: () => zoom.showAll(),
    pinBack: () => movePin(-1),
    pinOn: () => movePin(1),
    leave: () => (pin.atMs === undefined ? zoom.showAll() : pin.clear()),
  };
  for (const pressed of document.querySelectorAll<HTMLButtonElement>('button[data-zoom]'))
    pressed.addEventListener('click', () => actions[pressed.dataset['zoom'] ?? '']?.());
  const keys: Readonly<Record<string, string>> = {
    '+': 'in',
    '=': 'in',
    '-': 'out',
    ArrowLeft: 'back',
    ArrowRight: 'on',
    'Shift ArrowLeft': 'pinBack',
    'Shift ArrowRight': 'pinOn',
    '0': 'all',
    Escape: 'leave',
  };
  document.addEventListener('keydown', ({ key, target, shiftKey, ctrlKey, metaKey, altKey }) => {
    // Arrows move between tabs there.
    const isTyping = target instanceof HTMLInputElement;
    const name = shiftKey && key.startsWith('Arrow') ? `Shift ${key}` : key;
    if (!isTyping && !ctrlKey && !metaKey && !altKey) actions[keys[name] ?? '']?.();
  });
}
