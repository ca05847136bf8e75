import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    globalSetup: ['test/build-first.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 60_000,
    // Child processes of the command line tests start several runtimes at once.
    hookTimeout: 60_000,
  },
});
