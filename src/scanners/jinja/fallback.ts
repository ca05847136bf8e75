import { isInternal } from './names.ts';

/** Words that only a payload has inside tags. */
const PAYLOAD = /\b(?:lipsum|popen|subprocess|importlib|eval|exec|builtins|globals|subclasses)\b/g;

/**
 * What stands out inside the tags of a template that cannot be parsed, escapes decoded. Why: breaking the parser of the scanner
 * must not hide what another engine still renders.
 */
export function suspiciousWords(template: string): readonly string[] {
  const decoded = insideTags(template)
    .replaceAll(/\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\([0-7]{3})/g, (_match, x?: string, u?: string, octal?: string) =>
      String.fromCharCode(octal === undefined ? Number.parseInt(x ?? u ?? '', 16) : Number.parseInt(octal, 8)),
    )
    .replaceAll(/['"]\s*[~+]\s*['"]/g, '');
  const internal = (decoded.match(/__\w{1,60}__/g) ?? []).filter(isInternal);
  return [...new Set([...internal, ...(decoded.match(PAYLOAD) ?? [])])].slice(0, 20);
}

/** The text inside tags, without reading any of it twice. */
function insideTags(template: string): string {
  const parts: string[] = [];
  const opening = /\{[{%]/g;
  for (let match = opening.exec(template); match !== null; match = opening.exec(template)) {
    const end = template.indexOf(match[0] === '{{' ? '}}' : '%}', match.index + 2);
    parts.push(template.slice(match.index, end < 0 ? undefined : end));
    if (end < 0) break;
    opening.lastIndex = end + 2;
  }
  return parts.join('\n');
}
