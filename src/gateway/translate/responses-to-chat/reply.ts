import { CordonError } from '../../../core/errors.ts';
import { objectsOf, string } from '../../json/fields.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { annotationsOf, callItem, messageItem, reasoningItem, reasoningOf, refusalPart, textPart } from './items.ts';
import { endingOf, headOf, responseOf } from './response.ts';

/** A completion as a response to a request. Throws `upstream.failed`. */
export function completionToResponse(request: JsonObject, completion: JsonObject): JsonObject {
  const choices = objectsOf(completion.choices);
  const [choice] = choices;
  if (choice === undefined || choices.length > 1 || !isObject(choice.message))
    throw new CordonError('upstream.failed', 'the model provider sent an answer that is no completion of one choice');
  const { message } = choice;
  const head = headOf(completion);
  const output: JsonObject[] = [];
  const thoughts = reasoningOf(message);
  if (thoughts !== '') output.push(reasoningItem(head, thoughts, 'completed'));
  const ending = endingOf(choice.finish_reason);
  const status = ending.status === 'completed' ? 'completed' : 'incomplete';
  const said = spoken(message.content);
  const refusal = string(message.refusal);
  const parts = [...(said === '' ? [] : [textPart(said, annotationsOf(message))]), ...(refusal === '' ? [] : [refusalPart(refusal)])];
  const calls = objectsOf(message.tool_calls).map(calledOf);
  if (parts.length > 0 || (calls.length === 0 && thoughts === '')) output.push(messageItem(head, parts, status));
  for (const [at, call] of calls.entries()) output.push(callItem(head, at, call, status));
  return responseOf(request, head, ending, output, completion.usage);
}

function calledOf(call: JsonObject): { id: string; name: string; arguments: string } {
  if (!isObject(call.function)) throw new CordonError('upstream.failed', 'the model provider sent a call of no function');
  return { id: string(call.id), name: string(call.function.name), arguments: string(call.function.arguments) || '{}' };
}

/** Text of a content that is a string or, with some servers, a list of parts. */
function spoken(content: unknown): string {
  return typeof content === 'string'
    ? content
    : objectsOf(content)
        .map(({ text }) => string(text))
        .join('');
}
