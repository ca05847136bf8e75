/** Whether a code unit is a letter or digit of ASCII. */
export function isWordUnit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/** Whether an ASCII letter or digit stands there. */
export function isWord(text: string, at: number): boolean {
  return at >= 0 && isWordUnit(text.charCodeAt(at));
}

/** Whether an ASCII digit stands there. */
export function isDigit(text: string, at: number): boolean {
  const code = at < 0 ? 0 : text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
