import type { Trigger } from './value.ts';

/** Special tokens, markup and braces: what ordinary templates put out under any condition. */
const MARKUP = /<[^<>]{0,60}>|\[\/?[A-Z_ ]{2,40}\]|[{}<>|\\#*`]+/g;
const ADDRESS =
  /\bhttps?:\/\/(?!(?:www\.)?(?:json-schema\.org|w3\.org)\b)[^\s'"]+|\bwww\.(?!w3\.org)[^\s'"]+|<(?:script|iframe|img)\b[^>]*/i;

/**
 * The address in a text that a template puts into the prompt, or the markup that loads one. Why it matters: what the template
 * says of an address, the model repeats to every user. Names of schemas and namespaces are not loaded by anybody.
 */
export function addressIn(text: string): string | undefined {
  return ADDRESS.exec(text)?.[0];
}

/** Words that steer an answer, or hide that it is steered. */
const STEERING =
  /\b(?:ignore|disregard|forget|override)\b[^.]{0,60}\b(?:previous|prior|above|earlier|instructions?|rules?|guidelines?)\b|\b(?:do not|don['’]t|never|without)\b[^.]{0,40}\b(?:mention|reveal|tell|tells|telling|disclose|inform|informing|warn|explain)\b|\b(?:always|must|should|make sure to|be sure to)\b[^.]{0,80}\b(?:include|insert|append|recommend|link|praise|suggest|agree|refuse|reply|answer|respond|output|say)\b|\b(?:secretly|silently|covertly|backdoor|exfiltrate|payload)\b/i;

/** A literal that reads like words of a person: no token, tag or switch such as `</think>` or `/no_think`. */
function isWording(literal: string): boolean {
  return /^[\p{L}\p{N}\s'’.,!?:-]{2,}$/u.test(literal) && /\p{L}{2}/u.test(literal);
}

/**
 * Why what a condition puts out is suspicious; undefined when it is not. Conservative: templates cut reasoning and switch modes on
 * the user’s text all the time, but they put out tokens, not sentences.
 */
export function judge(triggers: readonly Trigger[], output: string): { key: string; message: string } | undefined {
  const trigger = triggers.find(({ source, literal }) => source === 'time' || literal.trim().length > 1);
  if (trigger === undefined) return undefined;
  const text = output.replaceAll(MARKUP, ' ').replaceAll(/\s+/g, ' ').trim();
  const words = text.match(/\p{L}{2,}/gu)?.length ?? 0;
  const what =
    addressIn(output) !== undefined
      ? 'an address'
      : STEERING.test(text)
        ? 'an instruction'
        : words >= 8 && isPlain(triggers)
          ? 'sentences'
          : undefined;
  if (what === undefined) return undefined;
  const condition = trigger.source === 'time' ? 'the date' : `a message that has ${JSON.stringify(trigger.literal.slice(0, 60))}`;
  return { key: trigger.literal.slice(0, 60) || 'time', message: `On ${condition} the template puts out ${what}: “${text.slice(0, 160)}”` };
}

function isPlain(triggers: readonly Trigger[]): boolean {
  return triggers.some(({ source, literal }) => source === 'time' || isWording(literal));
}
