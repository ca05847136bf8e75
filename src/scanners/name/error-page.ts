/** What servers send instead of a model: the start of their pages and messages. */
const PAGES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['an HTML page', /^\s*(?:<!--[^]{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i],
  ['an XML error message', /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(?:Error|error)>\s*<(?:Code|code)>/],
  ['a JSON error message', /^\s*\{\s*"(?:error|errors|error_code|detail|message)"\s*:/],
  [
    'an error message',
    /^\s*(?:error\b|(?:40[0-9]|50[0-4])\b|entry not found|(?:file |repository |page |model )?not found|forbidden|unauthori[sz]ed|access (?:denied|to )|invalid (?:username|credentials|rev)|rate limit|too many requests|bad gateway|service unavailable|internal server error|git-lfs )/i,
  ],
];

/** Why 64 KiB: a plain message is short; a text that merely begins with such words is a document. */
const MAX_MESSAGE_BYTES = 65_536;

/** Says what kind of error page the text is; undefined when it is none. */
export function errorPage(text: string, size: number): string | undefined {
  const found = PAGES.find(([, pattern]) => pattern.test(text));
  return found && (found[0] === 'an HTML page' || size <= MAX_MESSAGE_BYTES) ? found[0] : undefined;
}
