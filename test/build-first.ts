import { buildIfStale } from '../scripts/prepare.mjs';

/** Builds dist/ before the tests: worker threads and command line tests run the bundle. */
export async function setup(): Promise<void> {
  await buildIfStale({ types: false });
}
