/** A forged turn or control token of a chat template. */
export interface FakeTurn {
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** Control tokens of chat templates: no person writes them by chance. */
const TOKENS =
  /<\|(?:im_start|im_end|system|user|assistant|endoftext|endofprompt|eot_id|start_header_id|end_header_id|begin_of_text|eom_id|python_tag|start_of_role|end_of_role|channel|message|return|start|end|tool_call)\|>|<｜(?:User|Assistant|begin▁of▁sentence|end▁of▁sentence)｜>|<(?:start|end)_of_turn>|\[\/?INST\]|<<\/?SYS>>|\[\/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]|<\/?(?:tool_(?:call|result|response|output)|function_(?:calls?|results?))>|<\/?(?:system_prompt|system_message|system-reminder|system_instructions?)>/gi;
/** Turns written as text, at the beginning of a line. Weaker: transcripts and screenplays have them too. */
const TURNS =
  /(?:^|\n)[ \t]{0,4}(?:[#*=>\-[<]{1,6}[ \t]{0,2}(?:system|system (?:prompt|message|instructions?|override|command|update)|assistant|developer (?:message|instructions?)|new instructions?|admin(?:istrator)?)[ \t]{0,2}[\])#*=>:-]{1,6}|system (?:prompt|message|instructions?|override|command|update|notice):)/gi;
/** A label of the model's turn at the end of a text: the model is to go on from there. */
const OPEN_TURN = /(?:^|[\n .!?])(?:#{1,4} ?)?(assistant|ai|bot|chatgpt|gpt|model|you|reply)\s?[:>][ \t]?[^\n]{0,24}$/i;
const LABELS = /(?:^|[\n .!?])(?:#{1,4} ?)?(assistant|ai|bot|chatgpt|gpt|model|you|reply)\s?[:>]/gi;
const MAX = 32;
/** Code units at the end of a text in which an open turn stands. */
const OPEN_LENGTH = 60;

/** Forged turns in a text. Linear; at most a few dozen. */
export function fakeTurns(text: string): FakeTurn[] {
  const found: FakeTurn[] = [];
  for (const [regex, score] of [
    [TOKENS, 0.85],
    [TURNS, 0.45],
  ] as const) {
    regex.lastIndex = 0;
    for (let match = regex.exec(text); match !== null && found.length < MAX; match = regex.exec(text)) {
      found.push({ start: match.index, end: match.index + match[0].length, score });
    }
  }
  const open = openTurn(text);
  if (open !== undefined) found.push(open);
  return found;
}

/** Whether a text that is cut out of another one may hold a forged turn, or the end of a conversation of which the beginning was cut off. */
export function mayHoldTurn(text: string): boolean {
  TOKENS.lastIndex = TURNS.lastIndex = 0;
  return TOKENS.test(text) || TURNS.test(text) || OPEN_TURN.test(text.trimEnd().slice(-OPEN_LENGTH));
}

/** A made-up conversation in which the model has already complied and whose last turn is left for it to complete. */
function openTurn(text: string): FakeTurn | undefined {
  const tail = text.trimEnd();
  const from = Math.max(0, tail.length - OPEN_LENGTH);
  const match = OPEN_TURN.exec(tail.slice(from));
  if (match === null) return undefined;
  const label = match[1]!.toLowerCase();
  const start = from + match.index;
  LABELS.lastIndex = 0;
  for (let earlier = LABELS.exec(text); earlier !== null && earlier.index < start; earlier = LABELS.exec(text)) {
    if (earlier[1]!.toLowerCase() === label) return { start, end: tail.length, score: 0.55 };
  }
  return undefined;
}
