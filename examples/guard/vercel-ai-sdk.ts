/**
 * Cordon as middleware of the Vercel AI SDK.
 *
 *     const model = wrapLanguageModel({ model: openai('gpt-4o-mini'), middleware: cordonMiddleware() });
 */
import { createGuard, type Guard, GuardStream, type Message, PseudonymMap, restore, RestoreStream, withTexts } from 'cordon';

interface CallParams {
  readonly prompt: readonly Message[];
  readonly [key: string]: unknown;
}

interface TextPart {
  readonly type: string;
  readonly text?: string;
}

interface StreamPart {
  readonly type: string;
  readonly id?: string;
  readonly delta?: string;
}

/** The middleware: `transformParams`, `wrapGenerate` and `wrapStream` as the SDK calls them. */
export function cordonMiddleware(guard: Guard = createGuard()): {
  transformParams(options: { params: CallParams }): Promise<CallParams>;
  wrapGenerate<R extends { content: readonly TextPart[] }>(options: { doGenerate: () => Promise<R>; params: CallParams }): Promise<R>;
  wrapStream<R extends { stream: ReadableStream<StreamPart> }>(options: { doStream: () => Promise<R>; params: CallParams }): Promise<R>;
} {
  /** One map for each prompt, so that the answer can be restored. */
  const maps = new WeakMap<readonly Message[], PseudonymMap>();

  return {
    async transformParams({ params }) {
      const pseudonyms = new PseudonymMap();
      const conversation = { messages: params.prompt };
      const decision = guard.check(conversation, { pseudonyms });
      if (decision.effect === 'block' || decision.effect === 'hold')
        throw new Error(decision.reasons.map(({ message }) => message).join('; '));
      const prompt = decision.redacted === undefined ? params.prompt : withTexts(conversation, decision.redacted).messages;
      maps.set(prompt, pseudonyms);
      return { ...params, prompt };
    },

    async wrapGenerate({ doGenerate, params }) {
      const pseudonyms = maps.get(params.prompt) ?? new PseudonymMap();
      const result = await doGenerate();
      const content = result.content.map((part) => {
        if (part.type !== 'text' || part.text === undefined) return part;
        const decision = guard.check({ text: part.text, channel: 'assistant' }, { pseudonyms });
        if (decision.effect === 'block') throw new Error('the answer was stopped');
        return { ...part, text: restore(decision.redacted?.[0] ?? part.text, pseudonyms) };
      });
      return { ...result, content };
    },

    async wrapStream({ doStream, params }) {
      const pseudonyms = maps.get(params.prompt) ?? new PseudonymMap();
      const result = await doStream();
      const output = new GuardStream(guard, { pseudonyms });
      const names = new RestoreStream(pseudonyms);
      const stream = result.stream.pipeThrough(
        new TransformStream<StreamPart, StreamPart>({
          transform(part, controller) {
            if (part.type !== 'text-delta' && part.type !== 'text-end') return controller.enqueue(part);
            const text = part.type === 'text-delta' ? names.push(output.push(part.delta ?? '')) : names.push(output.end()) + names.end();
            if (output.blocked !== undefined) return controller.error(new Error('the answer was stopped'));
            const id = part.id === undefined ? {} : { id: part.id };
            if (text !== '') controller.enqueue({ type: 'text-delta', ...id, delta: text });
            if (part.type === 'text-end') controller.enqueue(part);
          },
        }),
      );
      return { ...result, stream };
    },
  };
}
