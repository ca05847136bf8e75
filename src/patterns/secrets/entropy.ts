/** Shannon entropy of the characters of a text, in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Whether a text looks drawn at random: as much entropy as its length allows a random key of a 16-letter alphabet. */
export function looksRandom(text: string, least = 3): boolean {
  return entropy(text) >= Math.min(least, Math.log2(text.length) * 0.8);
}
