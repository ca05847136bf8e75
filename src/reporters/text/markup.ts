import { printable } from '../../core/printable.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Untrusted text for XML and HTML, as content or inside a quoted attribute. What XML 1.0 forbids even as a reference
 * (controls, lone surrogates, noncharacters) comes out visibly escaped.
 */
export function markup(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
