/**
 * A function whose last answers are kept. Why bounded, and emptied as a whole: the arguments come from clients, and the same few
 * come again and again.
 */
export function remember<T>(work: (text: string) => T, max = 2_000): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    if (kept.has(text)) return kept.get(text) as T;
    const answer = work(text);
    if (kept.size >= max) kept.clear();
    kept.set(text, answer);
    return answer;
  };
}
