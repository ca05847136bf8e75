/** What a script of operations said: one JSON document a line for each, and how many there were at the end. */
export function operationsOf(stdout: string): { readonly failed: readonly unknown[]; readonly operations: number } {
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  const results = lines.map((line) => JSON.parse(line) as { ok?: boolean; operations?: number });
  return { failed: results.filter(({ ok }) => ok === false), operations: results.at(-1)?.operations ?? 0 };
}
