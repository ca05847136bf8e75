/**
 * Closure over a lineage graph in memory. `npx tsx benchmarks/lineage.ts [NODES] [EDGES] [RUNS]`, by default one million nodes,
 * five million edges. The graph is made as registries grow: every new artifact comes from older ones, most from popular ones.
 */
import { LineageBuilder } from '../src/evidence/lineage/lineage-index.ts';

const [nodes = 1_000_000, edges = 5_000_000, runs = 40] = process.argv.slice(2).map(Number);

let state = 12345;
/** A linear congruential generator: the same graph on every machine. */
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

function timed<Value>(work: () => Value): { readonly ms: number; readonly value: Value } {
  const started = performance.now();
  const value = work();
  return { ms: performance.now() - started, value };
}

const names = Array.from({ length: nodes }, (_, node) => `sha256:${node.toString(16).padStart(64, '0')}`);
const built = timed(() => {
  const builder = new LineageBuilder();
  for (let edge = 0; edge < edges; edge++) {
    const descendant = 1 + Math.floor(random() * (nodes - 1));
    // Squared: older artifacts are ancestors more often.
    const ancestor = Math.floor(random() ** 2 * descendant);
    builder.add({ ancestor: names[ancestor] ?? '', descendant: names[descendant] ?? '', basis: edge % 3 === 0 ? 'declared' : 'attested' });
  }
  return builder.build();
});
const index = built.value;
const heap = Math.round(process.memoryUsage().rss / 1e6);
console.log(`${index.nodes} nodes, ${index.edges} edges, built in ${Math.round(built.ms)} ms, ${heap} MB resident`);

for (const [title, start] of [
  ['descendants of the oldest', () => 0],
  ['descendants of any', () => Math.floor(random() * index.nodes)],
  ['ancestors of the youngest', () => index.numberOf(names[nodes - 1] ?? '') ?? 0],
  ['ancestors of any', () => Math.floor(random() * index.nodes)],
] as const) {
  const times: number[] = [];
  const before = process.cpuUsage();
  let reached = 0;
  for (let run = 0; run < runs; run++) {
    const node = start();
    const { ms, value } = timed(() => (title.startsWith('ancestors') ? index.ancestors(node) : index.descendants(node)));
    times.push(ms);
    reached = Math.max(reached, value.length);
  }
  const cpu = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
  console.log(
    `${title}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms, mean ${((cpu.user + cpu.system) / 1000 / runs).toFixed(1)} CPU ms, up to ${reached} reached`,
  );
}
