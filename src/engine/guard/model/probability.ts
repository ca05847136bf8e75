import type { ModelCombination, ModelHead } from './manifest.ts';

/** Log odds are held between these. Why: a probability of exactly 0 or 1 would outweigh everything else. */
const FARTHEST = 20;

/** The calibrated log odds of an attack that a row of outputs gives. */
export function attackLogOdds(outputs: ArrayLike<number>, { attack, among, slope, offset }: ModelHead): number {
  const asked = among ?? Array.from({ length: outputs.length }, (_, at) => at);
  const rest = asked.filter((at) => !attack.includes(at));
  const raw = rest.length === 0 ? logSum(outputs, attack) : logSum(outputs, attack) - logSum(outputs, rest);
  return slope * raw + offset;
}

function logSum(outputs: ArrayLike<number>, chosen: readonly number[]): number {
  const values = chosen.map((at) => outputs[at] ?? Number.NaN);
  const highest = Math.max(...values);
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}

/** The probability of both together. */
export function combined(classifier: number, modelLogOdds: number, { classifier: own, model, offset }: ModelCombination): number {
  return sigmoid(own * logOdds(classifier) + model * bounded(modelLogOdds) + offset);
}

/** Log odds to probability. */
export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function logOdds(value: number): number {
  return bounded(Math.log(value) - Math.log1p(-value));
}

function bounded(value: number): number {
  return Math.max(-FARTHEST, Math.min(FARTHEST, value));
}
