import { integer, objectsOf, string } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import type { ResponseHead } from './response.ts';

/** A tool call of a completion. */
export interface Called {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

type Status = 'in_progress' | 'completed' | 'incomplete';

/** Thoughts as an item. */
export function reasoningItem({ base }: ResponseHead, text: string, status: Status): JsonObject {
  const content = text === '' ? [] : [{ type: 'reasoning_text', text }];
  return { id: `rs_${base}`, type: 'reasoning', summary: [], content, status };
}

/** A message as an item. */
export function messageItem({ base }: ResponseHead, content: readonly JsonObject[], status: Status): JsonObject {
  return { id: `msg_${base}`, type: 'message', role: 'assistant', status, content };
}

/** A part of a message. */
export function textPart(text: string, annotations: readonly JsonObject[] = []): JsonObject {
  return { type: 'output_text', text, annotations, logprobs: [] };
}

/** A part of a message in which a model refuses. */
export function refusalPart(refusal: string): JsonObject {
  return { type: 'refusal', refusal };
}

/** A tool call as an item. `at` counts the calls of the answer. */
export function callItem({ base }: ResponseHead, at: number, { id, name, arguments: given }: Called, status: Status): JsonObject {
  return { id: `fc_${base}_${at}`, type: 'function_call', call_id: id, name, arguments: given, status };
}

/** Sources that a model names, in the words of a response. */
export function annotationsOf(message: JsonObject): JsonObject[] {
  return objectsOf(message.annotations).flatMap(({ url_citation: cited }) =>
    isObject(cited)
      ? [
          {
            type: 'url_citation',
            url: string(cited.url),
            title: string(cited.title),
            start_index: integer(cited.start_index) ?? 0,
            end_index: integer(cited.end_index) ?? 0,
          },
        ]
      : [],
  );
}

/** Thoughts, as servers of chat call them. */
export function reasoningOf({ reasoning_content, reasoning }: JsonObject): string {
  return string(reasoning_content) || string(reasoning);
}
