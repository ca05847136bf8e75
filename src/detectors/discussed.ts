/** Longer prompts do more than ask about a quotation. */
const LONGEST = 600;
/** A text put into quotation marks. */
const QUOTATION = /"[^"\n]{4,300}"|“[^”\n]{4,300}”|«[^»\n]{4,300}»|„[^“”\n]{4,300}[“”]|「[^」\n]{2,300}」/g;
/** What asks about a text, or tells of it, in place of having it obeyed. */
const ASKED =
  /^\W{0,3}(?:please )?(?:review|classify|label|proofread|correct|rephrase|translate th|explain|count|what(?:'s| is| does| should| would| did)|why (?:is|are|does|do|did|would)|how (?:should|would|do|did|can)|is (?:the|this|a|that|it)|are |does |do (?:you|we|users)|some(?:body|one) |an? (?:user|customer|student|visitor|tester|attacker|colleague|friend) |our |my (?:bot|colleague|student|boss|teacher|professor)|the (?:article|author|paper|text|log|report|phrase|sentence)|in (?:the|this|a|our) )/i;
/** What has the quotation obeyed all the same. */
const OBEYED =
  /\b(?:obey|follow it|follow them|comply|do (?:as|what)|execute|carry out|act on|pretend|you are|you're|answer it|join|decode)\b/i;

/**
 * Whether a prompt asks about a text that it quotes: a reason for a look and none to refuse. Why: the classifier counts words, and a question
 * about an attack has the words of the attack.
 */
export function isDiscussed(text: string): boolean {
  if (text.length > LONGEST || !ASKED.test(text)) return false;
  const outside = text.replace(QUOTATION, ' ');
  return outside.length < text.length && !OBEYED.test(outside);
}
