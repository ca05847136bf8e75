import { CordonError } from '../../../core/errors.ts';
import type { Channel, Detection, Segment } from '../../../core/text.ts';
import type {
  Authorization,
  ModerationAdapter,
  ModerationDetection,
  OutgoingRequest,
  Piece,
} from '../../../detectors/moderation/adapter.ts';
import { MODERATION_RULES } from '../../../detectors/moderation/rules.ts';
import type { GuardDetection } from '../decision.ts';
import type { Judge } from '../judge.ts';
import { type Concealed, conceal } from './conceal.ts';
import { splitText, type TextPart } from './split-text.ts';

/** What a moderation judge is made from. */
export interface ModerationJudgeParts {
  readonly id: string;
  readonly adapter: ModerationAdapter;
  readonly channels: readonly Channel[];
  /** Whether a detection must not leave: it is replaced by a label. */
  readonly isConcealed: (detection: GuardDetection) => boolean;
  readonly authorization: () => Authorization;
  /** Sends what it is given, and again where that is worth while; answers with JSON. */
  readonly post: (make: () => OutgoingRequest, signal: AbortSignal) => Promise<unknown>;
}

/** Why: a text that needs more requests than this is not worth the money; it is a failure, as is any text that nobody read to its end. */
const MAX_REQUESTS = 64;
/** Requests of one text at the same time. */
const LANES = 4;

/** A judge that asks a moderation service: conceals, splits, asks, and puts the findings back where they belong. */
export function moderationJudge({ id, adapter, channels, isConcealed, authorization, post }: ModerationJudgeParts): Judge {
  async function ask(
    batch: readonly TextPart[],
    { channel }: Segment,
    concealed: Concealed,
    signal: AbortSignal,
  ): Promise<readonly Detection[]> {
    const pieces = batch.map(({ text }): Piece => ({ text, channel }));
    const answer = await post(() => adapter.request(pieces, authorization()), signal);
    return adapter.read(answer, pieces).flatMap((found, index) => found.map((detection) => restored(detection, batch[index]!, concealed)));
  }

  return {
    id,
    rules: MODERATION_RULES,
    channels: adapter.channels === undefined ? channels : channels.filter((channel) => adapter.channels!.includes(channel)),
    wants: ({ text }) => /\S/.test(text),
    async judge(segment, soFar, signal) {
      const concealed = conceal(segment.text, soFar.filter(isConcealed));
      // Why: services refuse half of a surrogate pair, and a text that can make them fail is a text that can pass.
      const parts = splitText(concealed.text.replaceAll(/\p{Surrogate}/gu, '\ufffd'), adapter.limits).filter(({ text }) => /\S/.test(text));
      const batches = inBatches(parts, adapter.limits.pieces);
      if (batches.length > MAX_REQUESTS)
        throw new CordonError('limit.reached', `was not asked: the text needs more than ${MAX_REQUESTS} requests`);
      const found: Detection[] = [];
      const rest = batches.values();
      const lane = async (): Promise<void> => {
        for (const batch of rest) found.push(...(await ask(batch, segment, concealed, signal)));
      };
      await Promise.all(Array.from({ length: Math.min(LANES, batches.length) }, lane));
      return worst(found);
    },
  };
}

function restored(detection: ModerationDetection, part: TextPart, concealed: Concealed): Detection {
  const span = concealed.toOriginal({ start: part.start + detection.span.start, end: part.start + detection.span.end });
  return { ...detection, span };
}

function inBatches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** One finding for each rule and place, the surest, in order. Why: parts overlap, and answers come in any order. */
function worst(found: readonly Detection[]): readonly Detection[] {
  const kept = new Map<string, Detection>();
  for (const detection of found) {
    const key = `${detection.rule} ${detection.span.start} ${detection.span.end} ${detection.entity ?? ''}`;
    if ((kept.get(key)?.score ?? -1) < detection.score) kept.set(key, detection);
  }
  return [...kept]
    .toSorted(([a, one], [b, other]) => one.span.start - other.span.start || (a < b ? -1 : 1))
    .map(([, detection]) => detection);
}
