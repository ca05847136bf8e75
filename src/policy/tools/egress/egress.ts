import type { EgressRule } from '../../../core/tool-policy.ts';
import type { ArgumentCheck } from '../values/constraints.ts';
import { descendants, selectLeaves } from '../values/select.ts';
import { type Address, isAddress, isPublicAddress, readAddress } from './address.ts';
import { findAddresses } from './find-addresses.ts';

/** Why: an address inside an address inside an address is nothing a person writes. */
const MAX_NESTING = 3;
const MAX_DECODING = 3;
/** Parameters whose value is commonly taken for an address, also without a scheme. */
const REDIRECT =
  /(?:^|[_.-])(?:url|uri|u|next|redirect\w*|return\w*|dest\w*|target|continue|goto|callback|link|host|domain|site|proxy|forward)$|(?:Url|Uri|URL|URI)$/;

/** Compiles what may be reached into a check of the arguments. */
export function egressCheck(rule: EgressRule): ArgumentCheck {
  return (root) => {
    if (rule.arguments === undefined) {
      return descendants(root).flatMap(({ path, value }) => {
        if (typeof value !== 'string') return [];
        const { found, more } = findAddresses(value);
        const wrong = found.flatMap((address) => addressProblem(address, rule) ?? []);
        if (more) wrong.push('has more addresses than can be checked');
        return wrong.map((problem) => ({ id: 'egress', path, message: `${path} ${problem}` }));
      });
    }
    return rule.arguments.flatMap((place) =>
      selectLeaves(root, place).flatMap(({ path, value, children }) => {
        if (value === null || value === '' || children.length > 0) return [];
        if (typeof value !== 'string') return [{ id: 'egress', path, message: `${path} is no address` }];
        const parts = /^[^:]*@/.test(value) ? value.split(/[,;]/).filter((part) => part.trim() !== '') : [value];
        if (parts.length > 100) return [{ id: 'egress', path, message: `${path} has more addresses than can be checked` }];
        return parts.flatMap((part) => {
          const problem = addressProblem(part, rule);
          return problem === undefined ? [] : [{ id: 'egress', path, message: `${path} ${problem}` }];
        });
      }),
    );
  };
}

/** Why an address must not be reached; undefined when it may. */
export function addressProblem(text: string, rule: EgressRule, nesting = 0): string | undefined {
  const address = readAddress(text);
  if (address.kind === 'bad') return address.problem;
  if (!hostAllowed(address, rule)) return `leads to ${address.host}, which is not allowed`;
  return address.kind === 'email' ? undefined : urlProblem(address, rule, nesting);
}

function urlProblem(address: Extract<Address, { kind: 'url' }>, rule: EgressRule, nesting: number): string | undefined {
  if (!rule.schemes.includes(address.scheme)) return `has the scheme ${address.scheme}, which is not allowed`;
  const ordinary = address.scheme === 'http' ? 80 : 443;
  if (address.port !== undefined && address.port !== ordinary && !rule.ports.includes(address.port)) {
    return `has the port ${address.port}, which is not allowed`;
  }
  const data = address.url.search.length + address.url.hash.length;
  if (data > rule.maxQuery) return `carries ${data} characters of query, more than ${rule.maxQuery}`;
  for (const part of innerAddresses(address.url)) {
    if (nesting >= MAX_NESTING) return 'holds addresses inside addresses';
    const problem = addressProblem(part, rule, nesting + 1);
    if (problem !== undefined) return `holds an address that ${problem}`;
  }
  return undefined;
}

function hostAllowed({ host }: { readonly host: string }, { domains, addresses }: EgressRule): boolean {
  for (const domain of domains) {
    const wanted = domain.toLowerCase();
    if (host === wanted) return true;
    if (wanted.startsWith('*.') && !isAddress(host) && host.endsWith(wanted.slice(1)) && host.length >= wanted.length) return true;
  }
  return addresses && isAddress(host) && isPublicAddress(host);
}

/** Where an open redirect or a proxy would lead: addresses in the query, the fragment and the path, encoded up to three times. */
function innerAddresses(url: URL): string[] {
  const parts = new Set<string>();
  for (const [name, value] of url.searchParams) {
    if (REDIRECT.test(name) && /^[^\s/]+\.[^\s]+$/.test(value)) parts.add(value);
  }
  let text = `${url.pathname}\n${[...url.searchParams].flat().join('\n')}\n${url.hash.slice(1)}`;
  for (let round = 0; round <= MAX_DECODING; round++) {
    for (const line of text.split('\n')) {
      for (const address of findUrls(line)) parts.add(address);
    }
    const decoded = decode(text);
    if (decoded === text) break;
    text = decoded;
  }
  return [...parts];
}

/** Why not e-mail and bare names: `?user=a@b.example` and `/docs/index.html` are ordinary. */
function findUrls(line: string): readonly string[] {
  return findAddresses(line).found.filter((address) => /^[a-z][a-z0-9+.-]*:|^[\\/]{2}/i.test(address));
}

function decode(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
