const PLAIN = /^[a-z0-9_]*$/;

/**
 * The name of a field in small letters. Why: some servers take `Max_Tokens` for `max_tokens`. Why up first: there are letters beyond ASCII
 * that are an s or a k in another case.
 */
export function plainName(key: string): string {
  return PLAIN.test(key) ? key : key.toUpperCase().toLowerCase();
}
