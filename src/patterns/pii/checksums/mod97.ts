/** ISO 7064 MOD 97-10 remainder of a text of digits and letters, A = 10 … Z = 35. */
export function mod97(text: string): number {
  let remainder = 0;
  for (let at = 0; at < text.length; at++) {
    const value = Number.parseInt(text[at]!, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}
