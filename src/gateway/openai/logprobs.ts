import { isObject } from '../json/parse-object.ts';

/**
 * The strings of log probabilities by where they stand, tokens of lists put together: what was said is one text, what might have been said
 * at each rank are others. Why: they repeat an answer, or say something else.
 */
export function tokensOf(holder: unknown): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const walk = (value: unknown, path: string, isList: boolean): void => {
    if (typeof value === 'string') texts.set(path, (texts.get(path) ?? '') + value);
    else if (Array.isArray(value))
      for (const [at, child] of (value as unknown[]).entries()) walk(child, isList ? path : `${path}/${at}`, false);
    else if (isObject(value)) for (const [name, child] of Object.entries(value)) walk(child, `${path}/${name}`, path === '');
  };
  walk(holder, '', true);
  return texts;
}
