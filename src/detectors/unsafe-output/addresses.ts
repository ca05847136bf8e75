const METADATA_HOSTS = new Set([
  'metadata.google.internal',
  'metadata',
  'metadata.azure.com',
  'instance-data',
  'metadata.packet.net',
  'metadata.tencentyun.com',
]);
const SAFE_SCHEMES = new Set(['http:', 'https:', 'ftp:']);

/** Whether an address leads to a metadata service, a private network or this machine; also by schemes that reach into it. */
export function dangerousAddress(address: string): boolean {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return false;
  }
  if (!SAFE_SCHEMES.has(url.protocol))
    return url.protocol === 'gopher:' || url.protocol === 'dict:' || (url.protocol === 'file:' && url.pathname.length > 1);
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  if (METADATA_HOSTS.has(host) || host.endsWith('.internal')) return true;
  if (host.startsWith('[')) return privateSix(host.slice(1, -1));
  return privateFour(host);
}

/** Why not 127.0.0.1: answers about development name it all the time, and it reaches no other machine. */
function privateFour(host: string): boolean {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1).map(Number);
  if (parts === undefined) return false;
  const [a = 0, b = 0] = parts;
  return (
    (a === 169 && b === 254) ||
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 100 && b >= 64 && b < 128)
  );
}

function privateSix(host: string): boolean {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (mapped !== null) {
    const high = Number.parseInt(mapped[1]!, 16);
    return privateFour(`${high >> 8}.${high & 255}.0.0`);
  }
  return /^f[cd]|^fe[89ab]/.test(host) || host === 'fd00:ec2::254';
}

const MIN_DATA = 24;

/** Whether an address to a foreign host carries something that is not a name, a size or a page: data in the query or a long encoded path. */
export function dataLink(address: string, allowed: ReadonlySet<string>): boolean {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return false;
  }
  const host = url.hostname.toLowerCase();
  if ([...allowed].some((name) => host === name || host.endsWith(`.${name}`))) return false;
  for (const [key, value] of url.searchParams) {
    if (
      /^(?:utm_\w+|v|w|h|width|height|size|format|fit|q|quality|auto|crop|dpr|lang|hl|page|s|ixlib|ixid|token|signature|sig|expires)$/i.test(
        key,
      )
    )
      continue;
    if (
      value.length >= MIN_DATA ||
      /\s|@|\{|\$/.test(value) ||
      /^(?:data|secret|key|password|pw|conversation|chat|history|leak|exfil|prompt|msg|message|content|info|email|user|d|c)$/i.test(key)
    )
      return true;
  }
  return url.pathname
    .split('/')
    .some((part) => part.length >= 60 && /^[A-Za-z0-9+_=-]+$/.test(part) && /\d/.test(part) && /[A-Z]/.test(part) && /[a-z]/.test(part));
}
