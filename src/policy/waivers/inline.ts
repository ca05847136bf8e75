/** Why: waivers in comments are few; a file made of them is not an exception any more. */
const MAX_WAIVERS = 200;
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** A `cordon: allow` comment inside a scanned file. Missing parts are undefined, and the waiver is refused for it. */
export interface InlineWaiver {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** `line`: findings on this line and the next one. `file`: all of this file, also those without a line. */
  readonly scope: 'line' | 'file';
  readonly rule: string;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly expires: string | undefined;
}

/** After `#` (Python, YAML) or `{#` (Jinja), which must begin the line or follow a space. */
const COMMENT = /(?:^|\s)(?:#|\{#-?)\s*cordon:\s*(allow|allow-file)\s+([A-Za-z0-9][A-Za-z0-9._*-]*)(.*)$/;
const ATTRIBUTE = /\b(reason|owner|expires)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'#}]+))/g;

/**
 * Finds waivers in comments: `# cordon: allow RULE reason="…" owner="…" expires=YYYY-MM-DD` covers its line and the next,
 * `allow-file` the whole file. Reading them is not honouring them: a scanned file is written by whoever it is to be
 * protected from.
 */
export function parseInlineWaivers(path: string, text: string): readonly InlineWaiver[] {
  if (text.length > MAX_CHARACTERS || !text.includes('cordon:')) return [];
  const waivers: InlineWaiver[] = [];
  for (const [index, content] of text.split(/\r\n|[\r\n]/).entries()) {
    if (!content.includes('cordon:')) continue;
    const [, scope, rule, rest] = COMMENT.exec(content.slice(0, 2_000)) ?? [];
    if (rule === undefined || rest === undefined) continue;
    const given = new Map<string, string>();
    for (const [, name, double, single, bare] of rest.matchAll(ATTRIBUTE)) given.set(name ?? '', (double ?? single ?? bare ?? '').trim());
    waivers.push({
      path,
      line: index + 1,
      scope: scope === 'allow-file' ? 'file' : 'line',
      rule,
      reason: given.get('reason') || undefined,
      owner: given.get('owner') || undefined,
      expires: given.get('expires') || undefined,
    });
    if (waivers.length === MAX_WAIVERS) break;
  }
  return waivers;
}
