/** Where each code point of a text begins, in UTF-16 code units, and where the text ends. Why: AWS counts code points. */
export function codePointOffsets(text: string): readonly number[] {
  const offsets: number[] = [];
  let at = 0;
  for (const character of text) {
    offsets.push(at);
    at += character.length;
  }
  offsets.push(at);
  return offsets;
}
