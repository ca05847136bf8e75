/** A number between two limits that hold 95 % of what resampling gives. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Scores of attacks and of benign texts, both ascending. */
export interface Scores {
  readonly attacks: Float64Array;
  readonly benign: Float64Array;
}

/** Sorted scores of two classes. */
export function sorted(attacks: Iterable<number>, benign: Iterable<number>): Scores {
  return { attacks: Float64Array.from(attacks).sort(), benign: Float64Array.from(benign).sort() };
}

/** The smallest score that at most the given share of the benign texts reaches: what reaches it counts as caught. */
export function thresholdAt(benign: Float64Array, fpr: number): number {
  const allowed = Math.floor(fpr * benign.length + 1e-9);
  const highestPassing = benign[benign.length - 1 - allowed];
  return highestPassing === undefined ? Number.NEGATIVE_INFINITY : nextAbove(highestPassing);
}

/** Share of ascending scores that reach the threshold; 0 for none. */
export function shareAtLeast(ascending: Float64Array, threshold: number): number {
  return ascending.length === 0 ? 0 : 1 - countBelow(ascending, threshold) / ascending.length;
}

/** Chance that an attack scores above a benign text, ties as half: the area under the ROC curve. 0.5 where a class is empty. */
export function areaUnderCurve({ attacks, benign }: Scores): number {
  if (attacks.length === 0 || benign.length === 0) return 0.5;
  let below = 0;
  let notAbove = 0;
  let sum = 0;
  for (const score of attacks) {
    while (below < benign.length && benign[below]! < score) below++;
    while (notAbove < benign.length && benign[notAbove]! <= score) notAbove++;
    sum += (below + notAbove) / 2;
  }
  return sum / (attacks.length * benign.length);
}

/** Wilson's interval of a share: meaningful for few texts and for shares near 0 and 1. */
export function wilson(hits: number, of: number): Interval {
  if (of === 0) return { value: 0, low: 0, high: 1 };
  const z = 1.96;
  const value = hits / of;
  const centre = value + (z * z) / (2 * of);
  const width = z * Math.sqrt((value * (1 - value)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return { value, low: Math.max(0, (centre - width) / scale), high: Math.min(1, (centre + width) / scale) };
}

/**
 * Bootstrap interval of a measure over both classes. The same seed gives the same interval.
 * Resamples stay sorted because they are drawn as counts over the sorted scores, so a resample takes linear time.
 */
export function bootstrap(scores: Scores, measure: (resample: Scores) => number, resamples = 500, seed = 1): Interval {
  const random = generator(seed);
  const values = Float64Array.from({ length: resamples }, () =>
    measure({ attacks: resample(scores.attacks, random), benign: resample(scores.benign, random) }),
  ).sort();
  const at = (share: number): number => values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;
  return { value: measure(scores), low: at(0.025), high: at(0.975) };
}

function resample(ascending: Float64Array, random: () => number): Float64Array {
  const counts = new Uint32Array(ascending.length);
  for (let i = 0; i < counts.length; i++) counts[Math.floor(random() * counts.length)]!++;
  const out = new Float64Array(ascending.length);
  let at = 0;
  for (let i = 0; i < counts.length; i++) {
    out.fill(ascending[i]!, at, at + counts[i]!);
    at += counts[i]!;
  }
  return out;
}

/** Index of the first score that reaches the threshold. */
function countBelow(ascending: Float64Array, threshold: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The next larger double: a threshold just above a benign score. */
function nextAbove(value: number): number {
  if (!Number.isFinite(value)) return value;
  if (value === 0) return Number.MIN_VALUE;
  const bits = new BigInt64Array(1);
  const float = new Float64Array(bits.buffer);
  float[0] = value;
  bits[0]! += value > 0 ? 1n : -1n;
  return float[0]!;
}

/** Mulberry32: small, fast, the same everywhere. Not for secrets. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
