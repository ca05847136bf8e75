import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    globalSetup: ['test/build-first.ts'],
    pool: 'threads',
    isolate: false,
    testTimeout: 60_000,
    // Why only there: a machine that is shared can stand still for seconds, and tests with real servers and clients notice. What fails
    // twice fails, and what needed a second run is said.
    retry: process.env.CI === undefined ? 0 : 1,
    // Child processes of the command line tests start several runtimes at once.
    hookTimeout: 60_000,
  },
});
