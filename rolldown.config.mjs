import { defineConfig } from 'rolldown';
import { ccxtForBybit } from './ccxt-for-bybit.mjs';
import { pageAssets } from './page-assets.mjs';

/** One entry; every `import()` becomes a chunk that is loaded when it is needed. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  plugins: [pageAssets(), ccxtForBybit()],
  // Lowers what Node 20 does not parse yet (await using).
  transform: { target: 'node20' },
  // Optional native add-ons of ws; a loader of cosmiconfig's that is never used.
  external: ['bufferutil', 'utf-8-validate', 'typescript'],
  output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', cleanDir: true },
});
