import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[]) => ({ extends: true as const, test: { name, include } });

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      project('unit', ['test/unit/**/*.test.ts']),
      project('integration', ['test/integration/**/*.test.ts']),
      project('smoke', ['test/smoke/**/*.test.ts']),
      project('slow', ['test/slow/**/*.test.ts']),
    ],
  },
});
