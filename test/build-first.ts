import { buildIfStale } from '../scripts/prepare.mjs';

/** Builds dist/ before the tests: worker threads and command line tests run the bundle. */
export async function setup(): Promise<void> {
  // For work on a part that needs no bundle, or while another part does not compile.
  if (process.env.CORDON_TEST_BUILD === 'skip') return;
  await buildIfStale({ types: false });
}
