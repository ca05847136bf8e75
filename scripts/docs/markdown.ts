/** Text of a rule or error as Markdown: what stands in backticks stays code, everything else means what it says. */
export function prose(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : part.replaceAll(/[\\*_<>|[\]]/g, String.raw`\$&`)))
    .join('');
}

/** An identifier of a public catalogue, linked where the catalogue has an address for it. */
export function catalogueLink(id: string): string {
  const url = addressOf(id);
  return url === undefined ? id : `[${id}](${url})`;
}

function addressOf(id: string): string | undefined {
  if (id.startsWith('CWE-')) return `https://cwe.mitre.org/data/definitions/${id.slice(4)}.html`;
  if (id.startsWith('CVE-')) return `https://www.cve.org/CVERecord?id=${id}`;
  if (id.startsWith('GHSA-')) return `https://github.com/advisories/${id}`;
  if (id.startsWith('ATLAS:')) return `https://atlas.mitre.org/techniques/${id.slice(6)}`;
  return undefined;
}
