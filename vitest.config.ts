import { defineConfig } from 'vitest/config';
import { pageAssets } from './page-assets.mjs';

const project = (name: string, include: string[], globalSetup: string[] = []) => ({
  extends: true as const,
  test: { name, include, globalSetup },
});

export default defineConfig({
  plugins: [pageAssets()],
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      project('unit', ['test/unit/**/*.test.ts']),
      project('integration', ['test/integration/**/*.test.ts']),
      // The smoke tests run the built program: built from what is here, not from what was here.
      project('smoke', ['test/smoke/**/*.test.ts'], ['test/support/build.ts']),
      project('slow', ['test/slow/**/*.test.ts']),
      // Figures beside a peer's in the same run; printed, never asserted as absolute times.
      project('bench', ['test/bench/**/*.bench.ts']),
    ],
  },
});
