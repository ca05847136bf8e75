/**
 * Cordon in LangChain.js: a retriever that leaves out documents with instructions for the model, and a model that is asked behind the guard.
 *
 *     const retriever = guardedRetriever(vectorStore.asRetriever());
 *     const model = guardedModel(new ChatOpenAI());
 */
import { createGuard, createSession, type Guard, type GuardSession, PseudonymMap, restore } from 'cordon';

interface Document {
  readonly pageContent: string;
  readonly metadata: Record<string, unknown>;
}

interface Retriever {
  invoke(query: string): Promise<Document[]>;
}

interface ChatModel {
  invoke(input: string): Promise<{ readonly content: unknown }>;
}

/** Leaves out what the guard blocks, and redacts the rest. */
export function guardedRetriever(retriever: Retriever, guard: Guard = createGuard()): Retriever {
  return {
    async invoke(query) {
      const documents = await retriever.invoke(query);
      return documents.flatMap((document) => {
        const decision = guard.check({ text: document.pageContent, channel: 'document' });
        if (decision.effect === 'block' || decision.effect === 'hold') return [];
        return [{ ...document, pageContent: decision.redacted?.[0] ?? document.pageContent }];
      });
    },
  };
}

/** Checks the question and the answer; repeated attempts in one session weigh more. */
export function guardedModel(model: ChatModel, guard: Guard = createGuard(), session: GuardSession = createSession()): ChatModel {
  return {
    async invoke(input) {
      const pseudonyms = new PseudonymMap();
      const question = guard.check({ text: input, channel: 'user' }, { session, pseudonyms });
      if (question.effect === 'block' || question.effect === 'hold')
        throw new Error(question.reasons.map(({ message }) => message).join('; '));
      const reply = await model.invoke(question.redacted?.[0] ?? input);
      if (typeof reply.content !== 'string') return reply;
      const answer = guard.check({ text: reply.content, channel: 'assistant' }, { pseudonyms });
      if (answer.effect === 'block') throw new Error('the answer was stopped');
      return { ...reply, content: restore(answer.redacted?.[0] ?? reply.content, pseudonyms) };
    },
  };
}
