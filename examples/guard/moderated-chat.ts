/**
 * A chat turn with external moderation: the prompt is assessed by the detectors and judges of the profile before it leaves, the answer in
 * windows while it arrives. The profile is in `moderation.yaml`.
 *
 *     const guard = createGuard({ config: loadConfig(readFileSync('moderation.yaml', 'utf8'), 'moderation.yaml').guard });
 *     for await (const text of moderatedChat(guard, prompt, callTheModel)) response.write(text);
 */
import { AssessedStream, type Guard, type GuardDecision, PseudonymMap, RestoreStream } from 'cordon';

/** Sends a prompt to a model and yields its answer in pieces. */
export type Model = (prompt: string) => AsyncIterable<string>;

/** What was refused, with the decision that says why. */
export class Refused extends Error {
  readonly decision: GuardDecision;

  constructor(decision: GuardDecision) {
    super(decision.reasons.map(({ message }) => message).join('; '));
    this.decision = decision;
  }
}

/** The answer in pieces that may be shown. Throws `Refused` when the prompt or the rest of the answer may not. */
export async function* moderatedChat(guard: Guard, prompt: string, model: Model, signal?: AbortSignal): AsyncGenerator<string> {
  const pseudonyms = new PseudonymMap();
  const call = { pseudonyms, ...(signal !== undefined && { signal }) };
  const asked = await guard.assess({ text: prompt, channel: 'user' }, call);
  if (asked.effect === 'block' || asked.effect === 'hold') throw new Refused(asked);

  const output = new AssessedStream(guard, call);
  const names = new RestoreStream(pseudonyms);
  for await (const piece of model(asked.redacted?.[0] ?? prompt)) {
    const text = names.push(await output.push(piece));
    if (text !== '') yield text;
    if (output.blocked !== undefined) throw new Refused(output.blocked);
  }
  const rest = names.push(await output.end()) + names.end();
  if (rest !== '') yield rest;
  if (output.blocked !== undefined) throw new Refused(output.blocked);
}
