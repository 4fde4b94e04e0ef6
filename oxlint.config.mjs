/**
 * The rules of the project, as data. Layers are listed low to high: a file may import its own layer and lower ones.
 * `test/integration/lint-rules.test.ts` breaks each rule once and expects this configuration to notice.
 */
const layers = [
  ['util', 'errors.ts'],
  ['statistics'],
  ['model'],
  ['config'],
  ['strategy', 'risk'],
  ['exchange/exchange.ts', 'exchange/cancel-port.ts', 'exchange/errors.ts'],
  ['execution'],
  ['exchange/bybit', 'simulator', 'store', 'telemetry'],
  ['test-results'],
  ['harness', 'reports'],
  ['host.ts'],
  ['wiring'],
  ['commands'],
  ['main.ts'],
];

/** Neighbours of one layer that must not know each other, and lower layers that are none of a folder's business. */
const strangers = {
  'exchange/bybit': ['execution', 'simulator', 'store', 'telemetry'],
  simulator: ['execution', 'store', 'telemetry'],
  store: ['exchange/bybit', 'simulator', 'telemetry'],
  'test-results': ['exchange/bybit', 'execution', 'simulator', 'store', 'telemetry'],
};

/** What only the files of `owners` may touch: each source of chance has one owner. */
const ambientGlobals = [
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'process',
  'globalThis',
  'fetch',
  'WebSocket',
  'console',
  'crypto',
];
const ambientModules = [
  'node:fs',
  'node:http',
  'node:https',
  'node:net',
  'node:timers',
  'node:timers/promises',
  'node:process',
  'node:child_process',
  'node:perf_hooks',
  'execa',
  'ws',
  'ccxt',
  'prom-client',
  'bullmq',
  'ioredis',
];

const owners = [
  { file: 'src/util/clock.ts', globals: ['Date', 'performance', 'setTimeout', 'setImmediate'] },
  { file: 'src/util/random.ts', chance: true },
  { file: 'src/util/joined-writes.ts', globals: ['setImmediate'] },
  { file: 'src/host.ts', globals: ['process', 'performance'], modules: ['node:fs', 'node:process', 'node:child_process', 'node:net'] },
  { file: 'src/commands/test-summary/vitest-process.ts', globals: ['process'], modules: ['execa'] },
  { file: 'src/store/instance.ts', modules: ['node:net'] },
  { file: 'src/store/lock-socket.ts', modules: ['node:fs', 'node:net'] },
  { file: 'src/store/socket-folder.ts', globals: ['process'], modules: ['node:fs'] },
  { file: 'src/telemetry/metrics-server.ts', modules: ['node:http'] },
  { file: 'src/telemetry/metrics.ts', modules: ['prom-client'] },
  { file: 'src/config/load.ts', modules: ['node:fs'] },
  { file: 'src/config/credentials.ts', modules: ['node:fs'] },
  { file: 'src/store/files.ts', modules: ['node:fs'] },
  { file: 'src/store/whole-files.ts', modules: ['node:fs'] },
  { file: 'src/exchange/bybit/rest/ccxt-client.ts', modules: ['ccxt'] },
  { file: 'src/exchange/bybit/wire/wire-sockets.ts', modules: ['node:http', 'node:https', 'ws'] },
  { file: 'src/wiring/campaign/redis-connection.ts', modules: ['ioredis'] },
  { file: 'src/wiring/campaign/redis-queue.ts', modules: ['bullmq'] },
  { file: 'src/wiring/campaign/redis-worker.ts', modules: ['bullmq'] },
  { file: 'src/reports/html/client/text.ts', globals: ['Date'] },
  { file: 'src/simulator/server.ts', modules: ['node:http', 'ws'] },
];

const chance = { object: 'Math', property: 'random', message: 'Take a Random (util/random.ts).' };

/** Overrides replace a rule's options, so every folder gets the whole list that holds for it. */
function imports(name, owned = []) {
  const layer = layers.findIndex((names) => names.includes(name));
  const modules = ambientModules.filter((module) => !owned.includes(module));
  const banned = [...layers.slice(layer + 1).flat(), ...(strangers[name] ?? [])];
  return [
    'error',
    {
      paths: modules.map((module) => ({ name: module, message: 'Only the file that owns this may import it (oxlint.config.mjs).' })),
      patterns: banned.map((place) => ({
        regex: `^\\.{1,2}/(.*/)?${place.replace('.', '\\.')}${place.endsWith('.ts') ? '$' : '/'}`,
        message: `${name} must not know ${place} (oxlint.config.mjs).`,
      })),
    },
  ];
}

const globals = (owned = []) => [
  'error',
  ...ambientGlobals
    .filter((name) => !owned.includes(name))
    .map((name) => ({ name, message: 'Inject it: Clock, Random, Wire, Host or store.' })),
];
const placeOf = (path) => layers.flat().find((name) => path === `src/${name}` || path.startsWith(`src/${name}/`));
const glob = (name) => (name.endsWith('.ts') ? `src/${name}` : `src/${name}/**`);

/** Files that turn unknown values into model types, or mint brands: the only ones that may assert a type. */
const readers = [
  'src/model/units.ts',
  'src/risk/gate.ts',
  'src/exchange/bybit/codec/codec.ts',
  'src/exchange/bybit/rest/pages.ts',
  'src/util/array.ts',
  'src/util/json.ts',
  'src/config/*.ts',
  'src/store/*.ts',
];

/** What compares wall clocks on purpose: the machine's with the exchange's, or with the end of a recording. */
const wallClockReaders = ['src/util/clock.ts', 'src/execution/start/preflight.ts', 'src/harness/soak/soak-run.ts'];

/** The adapter, Bybit's simulator, the oracle's own reader of the wire, and reports, where USDT is the unit of money. */
const knowBybit = ['src/exchange/bybit/**', 'src/simulator/**', 'src/harness/invariants/wire-watch.ts', 'src/reports/**'];

export default {
  jsPlugins: ['./oxlint-rules.mjs'],
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['/dist', '/node_modules', '/coverage', '/reports', '/test/fixtures'],
  rules: {
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'oxc/no-barrel-file': ['error', { threshold: 0 }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error',
    'eslint/eqeqeq': 'error',
    'eslint/max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
    'eslint/max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    // Not worth their noise here.
    'unicorn/no-array-sort': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'eslint/no-await-in-loop': 'off',
    'eslint/no-underscore-dangle': 'off',
    'eslint/no-shadow': 'off',
    'promise/always-return': 'off',
    'promise/no-callback-in-promise': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
  },
  overrides: [
    {
      files: ['src/**'],
      rules: {
        'eslint/no-restricted-globals': globals(),
        'eslint/no-restricted-properties': ['error', chance],
        'typescript/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      },
    },
    ...layers.flat().map((name) => ({ files: [glob(name)], rules: { 'eslint/no-restricted-imports': imports(name) } })),
    ...owners.map(({ file, globals: owned = [], modules = [], chance: ownsChance = false }) => ({
      files: [file],
      rules: {
        'eslint/no-restricted-globals': globals(owned),
        'eslint/no-restricted-imports': imports(placeOf(file), modules),
        ...(ownsChance ? { 'eslint/no-restricted-properties': 'off' } : {}),
      },
    })),
    // The exchange stamps its messages by its own wall clock, and judges by it the stamps of others.
    {
      files: ['src/**'],
      excludeFiles: ['src/simulator/**', ...wallClockReaders],
      rules: { 'mmbot/wall-clock': 'error' },
    },
    { files: ['src/**'], excludeFiles: knowBybit, rules: { 'mmbot/bybit-words': 'error' } },
    { files: readers, rules: { 'typescript/consistent-type-assertions': 'off', 'typescript/no-unsafe-type-assertion': 'off' } },
    {
      files: ['test/**'],
      rules: {
        'eslint/max-lines-per-function': 'off',
        'typescript/no-unsafe-type-assertion': 'off',
        'typescript/unbound-method': 'off',
        'vitest/no-conditional-expect': 'off',
      },
    },
    { files: ['test/bench/**'], rules: { 'vitest/expect-expect': 'off', 'eslint/no-console': 'off' } },
    { files: ['*.config.*', 'oxlint-rules.mjs'], rules: { 'import/no-default-export': 'off' } },
  ],
};
