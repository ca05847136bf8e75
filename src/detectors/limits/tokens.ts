/**
 * Estimated number of tokens: four ASCII characters make about one, a letter of another script about one half to one. Within a quarter of
 * what common tokenizers count for prose; a limit needs no more.
 */
export function estimateTokens(text: string): number {
  let ascii = 0;
  let other = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) ascii++;
    else other += unit >= 0x2e80 ? 1 : 0.5;
  }
  return Math.ceil(ascii / 4 + other);
}
