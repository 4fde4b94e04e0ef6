import { expect, test } from 'vitest';
import { repeatLine, repeatWords } from '../../../../src/commands/terminal/repeat-line.ts';

test('a run is repeated with its settings from the environment, its seed, and without its output options', () => {
  const argv = ['soak', '--profile', 's1', '--out', 'o', '--json', '--set', 'quoting.model=glft x'];
  const env = { MM_QUOTING_BASE_SPREAD_BPS: '2', MM_METRICS_TOKEN: 'secret', BYBIT_API_KEY: 'key', HOME: '/' };
  expect(repeatLine({ argv, env }, undefined, '7')).toBe(
    "MM_QUOTING_BASE_SPREAD_BPS=2 mmbot soak --profile s1 --set 'quoting.model=glft x' --seed 7",
  );
  expect(repeatLine({ argv: ['soak', '--seed', '9'], env: {} }, '9', '9')).toBe('mmbot soak --seed 9');
});

test('a campaign is repeated in its folder, where its results are kept', () => {
  for (const out of [['--out', 'my runs'], ['--out=my runs']]) {
    const argv = ['campaign', '--profile', 's1', ...out, '--jobs', '3', '--csv', '--seeds', '4'];
    expect(repeatWords({ argv, env: {} }, [], ['--out'])).toMatch(
      /^mmbot campaign --profile s1 ('--out=my runs'|--out 'my runs') --seeds 4$/,
    );
  }
});
