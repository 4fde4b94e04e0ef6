import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { KEYS } from '../../../src/config/fields.ts';
import { NOTHING, readEnv, readTyped, type Entry, type Reading } from '../../../src/config/layers.ts';
import { resolve, type Layers, type ResolvedField } from '../../../src/config/resolve.ts';
import { MmbotError } from '../../../src/errors.ts';

const LAYERS = ['cli', 'env', 'overrides', 'profile'] as const;

const entry = (key: string, text: string, source: string): Entry => ({ key, text, quoted: false, source });
const reading = (...entries: Entry[]): Reading => ({ entries, problems: [] });

function find(fields: readonly ResolvedField[], key: string): ResolvedField {
  const field = fields.find((candidate) => candidate.key === key);
  if (field === undefined) throw new Error(`no ${key}`);
  return field;
}

function refusal(layers: Layers): MmbotError {
  try {
    resolve(layers);
  } catch (error) {
    if (error instanceof MmbotError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

test('without layers every key has its default', () => {
  const { settings, explain } = resolve({});
  expect(settings.quoting.baseSpreadBps).toBe(8);
  expect(settings.thresholds.netEdgeBps).toBe(0);
  expect(explain.map(({ key }) => key)).toEqual(KEYS.map(({ key }) => key));
  for (const { field, winner, losers } of explain) {
    expect([winner, losers]).toEqual([{ layer: 'default', source: 'default', value: field.default }, []]);
  }
});

test('for any subset of layers, the highest wins and all others are kept in order', () => {
  fc.assert(
    fc.property(fc.subarray([...LAYERS]), fc.constantFrom('quoting.baseSpreadBps', 'risk.priceCollarBps'), (speaking, key) => {
      const texts = { cli: '4', env: '3', overrides: '2', profile: '1' };
      const layers = Object.fromEntries(speaking.map((layer) => [layer, reading(entry(key, texts[layer], `from ${layer}`))]));
      const { winner, losers, field } = find(resolve(layers).explain, key);
      const expected = LAYERS.filter((layer) => speaking.includes(layer));
      expect([winner, ...losers]).toEqual([
        ...expected.map((layer) => ({ layer, source: `from ${layer}`, value: Number(texts[layer]) })),
        { layer: 'default', source: 'default', value: field.default },
      ]);
    }),
  );
});

test('all problems of all layers come in one error: key, range, value and source each', () => {
  const { exitCode, code, message } = refusal({
    cli: readTyped({ assignments: ['quoting.baseSpredBps=1', 'risk.maxOpenOrders=501', 'nonsense'], flags: [] }),
    env: readEnv({ MM_RISK_MAX_POSITON_USD: '1', MM_RISK_MAX_ORDER_USD: '1e3', HOME: '/root' }),
    overrides: reading(entry('quoting.maxInFlight', '0', 'o.yaml:1:1')),
    profile: { entries: [entry('bybit.recvWindowMs', '9999', 'p.yaml:2:3')], problems: ['p.yaml: expected x (from p.yaml)'] },
  });
  expect([exitCode, code]).toEqual([2, 'config_invalid']);
  expect(message.split('\n  ')).toEqual([
    '8 problems in the configuration; nothing was started',
    'quoting.baseSpredBps: expected a known key (did you mean quoting.baseSpreadBps?) (from --set #1)',
    "--set: expected KEY=VALUE, was 'nonsense' (from --set #3)",
    'MM_RISK_MAX_POSITON_USD: expected a known variable (did you mean MM_RISK_MAX_POSITION_USD?) (from env MM_RISK_MAX_POSITON_USD)',
    'p.yaml: expected x (from p.yaml)',
    "quoting.maxInFlight: expected 1 to 50 in steps of 1, was '0' (from o.yaml:1:1)",
    "risk.maxOrderUsd: expected 1 to 10000000 USD in steps of 0.01, was '1e3' (from env MM_RISK_MAX_ORDER_USD)",
    "risk.maxOpenOrders: expected 1 to 500 in steps of 1, was '501' (from --set #2)",
    "bybit.recvWindowMs: expected 500 to 2000 ms in steps of 1, was '9999' (from p.yaml:2:3)",
  ]);
});

test('a wrong value is refused also where a higher layer wins', () => {
  const layers = {
    cli: reading(entry('quoting.baseSpreadBps', '1', '--set #1')),
    profile: reading(entry('quoting.baseSpreadBps', 'x', 'p')),
  };
  expect(refusal(layers).message).toContain("was 'x' (from p)");
});

test('a layer that says a key twice is refused: neither silently wins', () => {
  const { message } = refusal({
    cli: readTyped({
      assignments: ['risk.maxPositionUsd=1000'],
      flags: [{ key: 'risk.maxPositionUsd', flag: '--max-position-usd', text: '5000' }],
    }),
  });
  expect(message).toContain("risk.maxPositionUsd: expected once, was '5000' and '1000' (from --max-position-usd and --set #1)");
});

test('soft above hard is refused after the merge, with both sources', () => {
  const { message } = refusal({ env: readEnv({ MM_RISK_SOFT_VOLATILITY_BPS: '30' }) });
  expect(message).toContain(
    "risk.softVolatilityBps: expected at most risk.hardVolatilityBps (25 from default), was '30' (from env MM_RISK_SOFT_VOLATILITY_BPS)",
  );
  expect(
    resolve({ env: readEnv({ MM_RISK_SOFT_VOLATILITY_BPS: '30', MM_RISK_HARD_VOLATILITY_BPS: '30' }) }).settings.risk.softVolatilityBps,
  ).toBe(30);
});

test.each(resolve({}).explain.filter(({ key }) => key.startsWith('risk.hard')))(
  '$key below its soft level is refused',
  ({ key, winner }) => {
    const soft = key.replace('hard', 'soft');
    const { message } = refusal({ cli: reading(entry(soft, String(2 * Number(winner.value)), '--set #1')) });
    expect(message).toContain(`${soft}: expected at most ${key}`);
  },
);

test('a stop that would have no time for its proof is refused, with what it needs', () => {
  const { message } = refusal({ cli: reading(entry('execution.stopDeadlineMs', '10000', '--set #1')) });
  expect(message).toContain('execution.stopDeadlineMs: expected at least 11250, bybit.recvWindowMs (2000 from default)');
  expect(message).toContain("was '10000' (from --set #1)");
  const narrow = reading(entry('execution.stopDeadlineMs', '10000', '--set #1'), entry('bybit.recvWindowMs', '750', '--set #2'));
  expect(resolve({ cli: narrow }).settings.execution.stopDeadlineMs).toBe(10_000);
});

test('the consent to trade is not a setting, and variables of other programs are ignored', () => {
  expect(readEnv({ MM_LIVE_ENABLE: '1', PATH: '/bin', XMM_A: '1', mm_x: '1', MMX: '1' })).toEqual(NOTHING);
});

test('an unknown name never shows its value, which may be a secret in the wrong place', () => {
  const secret = 'hunter2hunter2';
  const { message } = refusal({
    cli: readTyped({ assignments: [`bybit.apiSecret=${secret}`], flags: [] }),
    env: readEnv({ MM_BYBIT_API_SECRET: secret }),
  });
  expect(message).not.toContain(secret);
});

/** Another value of a key that takes words. */
function otherWord(key: string, { expected, default: usual }: (typeof KEYS)[number]['field']): Entry[] {
  const word = expected.split(/ or |, |one of /).find((candidate) => candidate !== '' && candidate !== String(usual)) ?? '';
  // An adaptive spread under a wide base would do nothing, and is refused.
  const companion = key === 'quoting.adaptive' ? [entry('quoting.baseSpreadBps', '1', '--set #2')] : [];
  return [entry(key, word, '--set #1'), ...companion];
}

test('an adaptive spread that the base spread would always hide is refused', () => {
  const { message } = refusal({ cli: reading(entry('quoting.adaptive', 'true', '--set #1')) });
  expect(message).toContain('quoting.baseSpreadBps: expected at most quoting.adaptiveMaxBps (2.5 from default)');
  expect(message).toContain('raise that too, or set quoting.adaptive=false');
});

test('the hash is of the values alone, and of every one of them', () => {
  const plain = resolve({});
  const same = resolve({ cli: reading(entry('quoting.baseSpreadBps', '8.00', '--set #1')) });
  expect(same.hash).toBe(plain.hash);
  expect(plain.hash).toMatch(/^[0-9a-f]{12}$/);
  // One step up or down, whichever the range and the other keys allow, for each key in turn.
  const others = KEYS.map(({ key, field }) => {
    if (!('minimum' in field.schema)) return resolve({ cli: reading(...otherWord(key, field)) }).hash;
    const { minimum, maximum } = field.schema as { minimum: number; maximum: number };
    const nearby = [Number(field.default) + 0.01, Number(field.default) - 0.01, Number(field.default) + 1, Number(field.default) - 1];
    const texts = nearby.filter((value) => value >= minimum && value <= maximum).map((value) => String(Math.round(value * 100) / 100));
    const text = texts.find((candidate) => field.read(candidate, false) !== undefined);
    return resolve({ cli: reading(entry(key, text ?? '', '--set #1')) }).hash;
  });
  expect(new Set([plain.hash, ...others]).size).toBe(KEYS.length + 1);
});
