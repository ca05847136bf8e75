/** A forged turn or control token of a chat template. */
export interface FakeTurn {
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** Control tokens of chat templates: no person writes them by chance. */
const TOKENS =
  /<\|(?:im_start|im_end|system|user|assistant|endoftext|endofprompt|eot_id|start_header_id|end_header_id|begin_of_text|eom_id|python_tag|start_of_role|end_of_role|channel|message|return|start|end|tool_call)\|>|<｜(?:User|Assistant|begin▁of▁sentence|end▁of▁sentence)｜>|<(?:start|end)_of_turn>|\[\/?INST\]|<<\/?SYS>>|\[\/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]|<\/?(?:system_prompt|system_message|system-reminder|system_instructions?)>/gi;
/** Turns written as text, at the beginning of a line. Weaker: transcripts and screenplays have them too. */
const TURNS =
  /(?:^|\n)[ \t]{0,4}(?:[#*=>\-[<]{1,6}[ \t]{0,2}(?:system|system (?:prompt|message|instructions?|override|command|update)|assistant|developer (?:message|instructions?)|new instructions?|admin(?:istrator)?)[ \t]{0,2}[\])#*=>:-]{1,6}|system (?:prompt|message|instructions?|override|command|update|notice):)/gi;
const MAX = 32;

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
  return found;
}
