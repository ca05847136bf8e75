import { parentPort, workerData } from 'node:worker_threads';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { corpus, type Seed } from './corpus.ts';
import { mutate, randomMutation } from './mutation.ts';
import { complaintAbout, inspectBytes } from './oracle.ts';
import { type Random, seededRandom } from './random.ts';
import { storedZip } from '../makers/stored-zip.ts';

/** What the parent gives: which inputs to damage and for how long; the shared memory that it reads when this thread hangs. */
export interface TargetTask {
  readonly target: string;
  readonly seconds: number;
  readonly seed: number;
  /** [0] counts inputs, [1] is the length of the current one. */
  readonly state: SharedArrayBuffer;
  readonly current: SharedArrayBuffer;
}

/** What it reports: a bad input at once, and at the end what it did. */
export type TargetReport =
  | { readonly kind: 'bad'; readonly complaint: string; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'done'; readonly seeds: number; readonly inputs: number; readonly found: number; readonly grownBytes: number };

const SLOW_MS = 2_000;
const MAX_MUTATIONS = 6;
/** Why: found inputs take memory, and a corpus that is too wide is never looked at twice. */
const MAX_FOUND = 2_000;
/** Rounds before memory is first measured: caches and compiled code settle. */
const WARM_UP = 500;

const { target, seconds, seed, state, current } = workerData as TargetTask;
const progress = new Int32Array(state);
const shown = new Uint8Array(current);

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function heldBytes(): Promise<number> {
  // With pauses between: buffers outside the heap go some turns after their owners.
  for (let round = 0; round < 4; round++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Damages members and packs them again, so that what lies behind an intact checksum is reached too. */
function repacked(random: Random, { members }: Seed, other: Uint8Array): Uint8Array {
  const damaged = random.below(members.length);
  return storedZip(
    Object.fromEntries(
      members.map(({ name, bytes }, index) => [name, index === damaged ? mutate(bytes, randomMutation(random), other) : bytes]),
    ),
  );
}

function inputOf(random: Random, chosen: Seed, other: Uint8Array): Uint8Array {
  if (chosen.format === 'zip' && chosen.members.length > 0 && random.below(2) === 0) return repacked(random, chosen, other);
  let bytes = chosen.bytes;
  for (let rest = 1 + random.below(MAX_MUTATIONS); rest > 0; rest--) bytes = mutate(bytes, randomMutation(random), other);
  return bytes;
}

/** What an input reached, roughly: inputs that reach something new are damaged further. */
function traceOf(inspection: ReturnType<typeof inspectBytes>): string {
  const words = [...inspection.reasons, ...inspection.sightings.map(({ rule }) => rule), ...inspection.facts.map(({ name }) => name)];
  return [inspection.format, ...new Set(words.map((word) => word.replaceAll(/"[^"]*"|\d+/g, '#').slice(0, 80)))].toSorted().join('\n');
}

function show(bytes: Uint8Array): void {
  shown.set(bytes.subarray(0, shown.length));
  Atomics.store(progress, 1, Math.min(bytes.length, shown.length));
  Atomics.add(progress, 0, 1);
}

async function run(): Promise<TargetReport> {
  const all = await corpus();
  const pool = all.filter(({ format, scanner }) => format === target || scanner === target);
  const count = pool.length;
  const random = seededRandom(seed);
  const traces = new Set<string>();
  const complaints = new Set<string>();
  let inputs = 0;
  let before = 0;
  const end = performance.now() + seconds * 1000;
  while (count > 0 && performance.now() < end) {
    if (inputs === WARM_UP) before = await heldBytes();
    const chosen = pool[random.below(pool.length)] as Seed;
    const other = random.below(4) === 0 ? random.pick(all).bytes : random.pick(pool).bytes;
    const bytes = inputOf(random, chosen, other);
    show(bytes);
    const started = process.cpuUsage();
    let complaint: string | undefined;
    try {
      const inspection = inspectBytes(chosen.path, bytes);
      complaint = complaintAbout(inspection);
      const trace = traceOf(inspection);
      if (pool.length < count + MAX_FOUND && !traces.has(trace)) {
        traces.add(trace);
        pool.push({ ...chosen, bytes, members: [] });
      }
    } catch (error) {
      complaint = `inspectFile threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    }
    // Processor time, which a busy machine does not change.
    const took = process.cpuUsage(started).user / 1000;
    if (took > SLOW_MS) complaint ??= `slow: ${Math.round(took)} ms of processor time`;
    const kind = complaint?.replaceAll(/\d+/g, '#');
    if (complaint !== undefined && kind !== undefined && !complaints.has(kind)) {
      complaints.add(kind);
      parentPort?.postMessage({ kind: 'bad', complaint, path: chosen.path, bytes } satisfies TargetReport);
    }
    inputs++;
  }
  const kept = pool.slice(count).reduce((sum, { bytes }) => sum + bytes.length, 0);
  const grownBytes = inputs > WARM_UP ? Math.max(0, (await heldBytes()) - before - kept) : 0;
  return { kind: 'done', seeds: count, inputs, found: pool.length - count, grownBytes };
}

parentPort?.postMessage(await run());
