/**
 * How well scores tell attacks from benign text: recall at a fixed false positive rate, rates at the threshold in use, AUC, each with an
 * interval, per source, language and kind.
 *
 *     const rows = lines.map((line) => LabelledText.parse(JSON.parse(line)));
 *     const report = evaluate(rows.map((row) => ({ ...row, score: scoreOf(row) })), { threshold: 0.5 });
 *     report.channels.user?.all.recallAtFpr        // { value, low, high }
 *
 * Why one threshold for a channel: a source without benign texts of its own is judged by the benign texts of the whole file, as in use.
 */
import * as z from 'zod';
import { Channel, trustOf } from '../../core/text.ts';
import { areaUnderCurve, bootstrap, shareAtLeast, sorted, thresholdAt, wilson } from './metrics.ts';
import type { Interval } from './metrics.ts';

/** A line of an evaluation file. */
export const LabelledText = z.object({
  text: z.string(),
  /** 1 attack, 0 benign. */
  label: z.union([z.literal(0), z.literal(1)]),
  channel: Channel.default('user'),
  source: z.string().optional(),
  language: z.string().optional(),
  kind: z.string().optional(),
});
export type LabelledText = z.infer<typeof LabelledText>;

/** A labelled text with the score that was given to it, 0 to 1. */
export interface ScoredText extends Omit<LabelledText, 'text'> {
  readonly score: number;
}

/** What was measured on one group of texts. Rates are 0 to 1. */
export interface GroupResult {
  readonly attacks: number;
  readonly benign: number;
  /** Share of the attacks at or above the threshold in use. Absent without attacks. */
  readonly recall?: Interval;
  /** Share of the benign texts at or above the threshold in use. Absent without benign texts. */
  readonly fpr?: Interval;
  /** Recall at the threshold that gives the fixed false positive rate on all benign texts of the channel. */
  readonly recallAtFpr?: Interval;
  /** Against all benign texts of the channel. */
  readonly auc?: Interval;
}

/** Results of one channel: what users write, or what the model only reads. */
export interface ChannelResult {
  /** The score that gives the fixed false positive rate on this file. */
  readonly thresholdAtFpr: number;
  readonly all: GroupResult;
  readonly sources: Readonly<Record<string, GroupResult>>;
  readonly languages: Readonly<Record<string, GroupResult>>;
  readonly kinds: Readonly<Record<string, GroupResult>>;
  /** Mean over the sources that have attacks: no large source drowns a small one. Absent without attacks. */
  readonly macro?: { readonly recall: number; readonly recallAtFpr: number; readonly auc: number };
}

/** The report of `cordon guard eval`. */
export interface Evaluation {
  readonly threshold: number;
  readonly fpr: number;
  readonly channels: { readonly user?: ChannelResult; readonly document?: ChannelResult };
}

/** How to evaluate. */
export interface EvaluationOptions {
  /** The threshold in use. */
  readonly threshold: number;
  /** The fixed false positive rate, 0.01 unless told. */
  readonly fpr?: number;
  /** Resamples of the intervals, 500 unless told. */
  readonly resamples?: number;
}

/** Evaluates scored texts. The same rows give the same report, in whatever order they come. */
export function evaluate(rows: readonly ScoredText[], options: EvaluationOptions): Evaluation {
  const settings = { fpr: 0.01, resamples: 500, ...options };
  const untrusted = rows.filter((row) => trustOf(row.channel) === 'untrusted');
  const typed = rows.filter((row) => trustOf(row.channel) !== 'untrusted');
  return {
    threshold: settings.threshold,
    fpr: settings.fpr,
    channels: {
      ...(typed.length > 0 && { user: channelResult(typed, settings) }),
      ...(untrusted.length > 0 && { document: channelResult(untrusted, settings) }),
    },
  };
}

function channelResult(rows: readonly ScoredText[], settings: Required<EvaluationOptions>): ChannelResult {
  const benign = scoresOf(rows, 0);
  const { benign: ascending } = sorted([], benign);
  const by = (key: 'source' | 'language' | 'kind'): Record<string, GroupResult> => {
    const names = [...new Set(rows.map((row) => row[key] ?? 'unknown'))].sort();
    return Object.fromEntries(
      names.map((name) => [
        name,
        groupResult(
          rows.filter((row) => (row[key] ?? 'unknown') === name),
          ascending,
          settings,
        ),
      ]),
    );
  };
  const sources = by('source');
  const attacked = Object.values(sources).filter((group) => group.attacks > 0);
  const mean = (pick: (group: GroupResult) => Interval | undefined): number =>
    attacked.reduce((sum, group) => sum + (pick(group)?.value ?? 0), 0) / attacked.length;
  return {
    thresholdAtFpr: thresholdAt(ascending, settings.fpr),
    all: groupResult(rows, ascending, settings),
    sources,
    languages: by('language'),
    kinds: by('kind'),
    ...(attacked.length > 0 && {
      macro: { recall: mean((group) => group.recall), recallAtFpr: mean((group) => group.recallAtFpr), auc: mean((group) => group.auc) },
    }),
  };
}

function groupResult(
  rows: readonly ScoredText[],
  allBenign: Float64Array,
  { threshold, fpr, resamples }: Required<EvaluationOptions>,
): GroupResult {
  const attacks = scoresOf(rows, 1);
  const benign = scoresOf(rows, 0);
  const reached = (scores: readonly number[]): Interval => wilson(scores.filter((score) => score >= threshold).length, scores.length);
  const scores = sorted(attacks, allBenign);
  return {
    attacks: attacks.length,
    benign: benign.length,
    ...(attacks.length > 0 && { recall: reached(attacks) }),
    ...(benign.length > 0 && { fpr: reached(benign) }),
    ...(attacks.length > 0 &&
      allBenign.length > 0 && {
        recallAtFpr: bootstrap(scores, (draw) => shareAtLeast(draw.attacks, thresholdAt(draw.benign, fpr)), resamples),
        auc: bootstrap(scores, areaUnderCurve, resamples),
      }),
  };
}

function scoresOf(rows: readonly ScoredText[], label: 0 | 1): number[] {
  return rows.filter((row) => row.label === label).map((row) => row.score);
}
