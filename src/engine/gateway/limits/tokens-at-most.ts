/** Why: templates of chat models put role and separators around every message; the largest known use 16 tokens. */
const PER_MESSAGE = 24;

/**
 * A bound on the tokens of texts. A token stands for at least one byte in every byte-level vocabulary, and bytes that no token
 * covers become one token each. Images, audio and files are not text: add what the provider says they come to at most.
 */
export function tokensAtMost(textBytes: number, messages: number): number {
  return textBytes + (messages + 1) * PER_MESSAGE;
}
