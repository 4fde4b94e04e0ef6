import { defineConfig } from 'rolldown';

/** One entry; every `import()` becomes a chunk that is loaded when it is needed. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  // Optional native add-ons of ws.
  external: ['bufferutil', 'utf-8-validate'],
  output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', cleanDir: true },
});
