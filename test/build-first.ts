/** Builds dist/ before the tests: worker threads and command line tests run the bundle. */
export async function setup(): Promise<void> {
  const { buildIfStale } = (await import('../scripts/prepare.mjs')) as { buildIfStale(options: object): Promise<void> };
  await buildIfStale({ types: false });
}
