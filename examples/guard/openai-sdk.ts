/**
 * Cordon around the OpenAI SDK: prompts are checked and redacted before they leave, answers are checked and restored before anybody sees
 * them. Works with any client of the same shape; nothing of the SDK is needed to compile it.
 *
 *     const client = guarded(new OpenAI());
 *     const answer = await client.create({ model: 'gpt-4o-mini', messages });
 */
import { createGuard, type Guard, GuardStream, type Message, PseudonymMap, restore, RestoreStream, withTexts } from 'cordon';

/** The part of `openai.chat.completions` that is used. */
interface ChatCompletions {
  create(body: ChatBody): Promise<Completion | AsyncIterable<Chunk>>;
}

interface ChatBody {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream?: boolean;
}

interface Completion {
  readonly choices: readonly { readonly message: { readonly role: string; readonly content: string | null } }[];
}

interface Chunk {
  readonly choices: readonly { readonly index: number; readonly delta: { readonly content?: string | null } }[];
}

/** What the guard refused; the reasons are in the message. */
class Refused extends Error {}

/** A client that asks the guard before and after each call. */
export function guarded(
  client: ChatCompletions,
  guard: Guard = createGuard(),
): { create(body: ChatBody): Promise<Completion>; stream(body: ChatBody): AsyncGenerator<string> } {
  function prepare(body: ChatBody): { body: ChatBody; pseudonyms: PseudonymMap; systemPrompt: string | undefined } {
    const pseudonyms = new PseudonymMap();
    const decision = guard.check(body, { pseudonyms });
    if (decision.effect === 'block' || decision.effect === 'hold')
      throw new Refused(decision.reasons.map(({ message }) => message).join('; '));
    const system = body.messages.find(({ role }) => role === 'system')?.content;
    return {
      body: decision.redacted === undefined ? body : withTexts(body, decision.redacted),
      pseudonyms,
      systemPrompt: typeof system === 'string' ? system : undefined,
    };
  }

  return {
    async create(body) {
      const { body: safe, pseudonyms, systemPrompt } = prepare(body);
      const completion = (await client.create({ ...safe, stream: false })) as Completion;
      const choices = completion.choices.map(({ message, ...choice }) => {
        const text = message.content ?? '';
        const decision = guard.check(
          { text, channel: 'assistant' },
          { pseudonyms, ...(systemPrompt === undefined ? {} : { systemPrompt }) },
        );
        if (decision.effect === 'block') throw new Refused(decision.reasons.map((reason) => reason.message).join('; '));
        return { ...choice, message: { ...message, content: restore(decision.redacted?.[0] ?? text, pseudonyms) } };
      });
      return { ...completion, choices };
    },

    async *stream(body) {
      const { body: safe, pseudonyms, systemPrompt } = prepare(body);
      const output = new GuardStream(guard, { pseudonyms, ...(systemPrompt === undefined ? {} : { systemPrompt }) });
      const names = new RestoreStream(pseudonyms);
      for await (const chunk of (await client.create({ ...safe, stream: true })) as AsyncIterable<Chunk>) {
        const text = names.push(output.push(chunk.choices[0]?.delta.content ?? ''));
        if (text !== '') yield text;
        if (output.blocked !== undefined) throw new Refused('the answer was stopped');
      }
      const rest = names.push(output.end()) + names.end();
      if (output.blocked !== undefined) throw new Refused('the answer was stopped');
      if (rest !== '') yield rest;
    },
  };
}
