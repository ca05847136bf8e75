import { printable } from '../../core/printable.ts';

/** Everything Markdown, GitHub (mentions, issue numbers, autolinks, commands) or HTML gives a meaning to. */
const ACTIVE = /[!-/:-@[-`{-~]/g;
/** Punctuation that means nothing inside a word and keeps paths readable in the source. */
const HARMLESS = new Set(['.', ',', '/', '-', '=', ';']);

/** Untrusted text for Markdown, in prose and in table cells: punctuation that could act becomes a character reference. */
export function markdownText(text: string): string {
  return printable(text).replaceAll(ACTIVE, (character) => (HARMLESS.has(character) ? character : `&#${character.charCodeAt(0)};`));
}

/** Untrusted text as code. Why a tag and not backticks: inside backticks nothing can be escaped, pipes and backticks least of all. */
export function markdownCode(text: string): string {
  return `<code>${markdownText(text)}</code>`;
}

/** Text of a rule or a fix: what stands in backticks is code. */
export function markdownProse(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? markdownCode(part) : markdownText(part)))
    .join('');
}
