/** What a line of a requirements file makes the installer do beside fetching a released package. */
export type Effect = 'other-index' | 'insecure-index' | 'direct-reference' | 'outside-file';

/** Indexes run by the projects whose packages they hold. */
const KNOWN_INDEX =
  /^https:\/\/(?:pypi\.org|files\.pythonhosted\.org|download\.pytorch\.org|pypi\.nvidia\.com|pypi\.ngc\.nvidia\.com|data\.pyg\.org|wheels\.vllm\.ai|storage\.googleapis\.com\/(?:jax-releases|libtpu-releases|libtpu-wheels))(?:[/:]|$)/i;
const KNOWN_SOURCE = /^https:\/\/(?:download\.pytorch\.org|files\.pythonhosted\.org|data\.pyg\.org|developer\.download\.nvidia\.com)\//i;
/** Why 40 digits: a commit cannot be moved; a branch or tag can. */
const PINNED = /@[0-9a-f]{40}(?:#|$)|#.*sha256=[0-9a-f]{64}/i;

/** Why: far more than the longest honest list of requirements. */
const MAX_CHARACTERS = 1024 * 1024;

/** Logical lines: continued ones joined, comments gone. */
export function logicalLines(text: string): { text: string; line: number }[] {
  const found: { text: string; line: number }[] = [];
  let pending = '';
  for (const [index, raw] of text
    .slice(0, MAX_CHARACTERS)
    .split(/\r\n|\r|\n/)
    .slice(0, 10_000)
    .entries()) {
    const line = pending + raw.replace(/(^|\s)#.*$/, '');
    pending = line.endsWith('\\') ? line.slice(0, -1) : '';
    if (pending === '' && line.trim() !== '') found.push({ text: line.trim(), line: index + 1 });
  }
  if (pending.trim() !== '') found.push({ text: pending.trim(), line: 1 });
  return found;
}

/** The effect of one requirement or option; undefined for an ordinary requirement. */
export function effectOf(text: string): Effect | undefined {
  const option = /^(--?[a-zA-Z][\w-]*)(?:\s*=\s*|\s+|(?=["'./]))(.*)$/.exec(text);
  if (option === null) return referenceEffect(text);
  const [, name, rest] = option as unknown as [string, string, string];
  const value = rest.trim().replace(/^["']|["']$/g, '');
  switch (name) {
    case '-i':
    case '--index-url':
    case '--extra-index-url':
    case '--pypi-url':
    case '-f':
    case '--find-links':
      if (/^http:/i.test(value)) return 'insecure-index';
      return KNOWN_INDEX.test(value) ? undefined : 'other-index';
    case '--trusted-host':
      return 'insecure-index';
    case '-r':
    case '--requirement':
    case '-c':
    case '--constraint':
      return /^[a-z][a-z0-9+.-]*:\/\/|^[/\\~]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/i.test(value) ? 'outside-file' : undefined;
    case '-e':
    case '--editable':
      return referenceEffect(value);
    default:
      return undefined;
  }
}

function referenceEffect(text: string): Effect | undefined {
  const url = /(?:^|@\s*)((?:git|hg|svn|bzr)\+\S+|(?:https?|ftp|file):\S+)/i.exec(text)?.[1];
  if (url === undefined) return /^(?:\/|~|\.\.[/\\])/.test(text) ? 'outside-file' : undefined;
  if (/^(?:\w+\+)?(?:http|ftp|git):/i.test(url)) return 'insecure-index';
  if (/^file:/i.test(url)) return 'outside-file';
  return PINNED.test(url) || KNOWN_SOURCE.test(url) ? undefined : 'direct-reference';
}
