import { CordonError } from '../../core/errors.ts';

/** A message: text, and CEL expressions whose values go between. */
export type TemplatePart = { readonly text: string } | { readonly expression: string };

/** Splits a message at its `{{ CEL }}` parts. Braces and quotes inside an expression are respected. */
export function parseTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let position = 0;
  for (;;) {
    const start = template.indexOf('{{', position);
    if (start < 0) break;
    const end = expressionEnd(template, start + 2);
    if (end < 0) throw new CordonError('config.invalid', `{{ without }} at character ${start + 1}`);
    if (start > position) parts.push({ text: template.slice(position, start) });
    parts.push({ expression: template.slice(start + 2, end).trim() });
    position = end + 2;
  }
  if (position < template.length) parts.push({ text: template.slice(position) });
  return parts;
}

function expressionEnd(template: string, from: number): number {
  let depth = 0;
  let quote = '';
  for (let index = from; index < template.length; index++) {
    const character = template.charAt(index);
    if (quote !== '') {
      if (character === '\\') index++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth++;
    else if (character === '}' && depth > 0) depth--;
    else if (character === '}' && template[index + 1] === '}') return index;
  }
  return -1;
}
