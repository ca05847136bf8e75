/**
 * Characters that move the cursor, reorder, hide or fake text: controls (C0, DEL, C1), format characters (bidi overrides, tags,
 * zero-width), line separators, private use, lone surrogates, noncharacters and everything else that renders as nothing.
 * Why: member and file names are chosen by whoever made the artifact. CWE-150, CVE-2021-42574 ("Trojan Source").
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/** Untrusted text as one visible line: what could act on a terminal or mislead a reader is shown as an escape such as `\u{202e}`. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return SHORT[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
  });
}
