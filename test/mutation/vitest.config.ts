import { defineConfig } from 'vitest/config';

/** Which tests have to notice when the code of `stryker.config.json` is changed: those of the same folders, and of canceling as a whole. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    include: [
      'test/unit/{execution,model,risk,store,strategy}/**/*.test.ts',
      'test/integration/cancel-all/*.test.ts',
      'test/integration/store/*.test.ts',
    ],
  },
});
