/** Why: every scheme of a dangerous kind is found, because what stands before `:` is not looked up in a list. */
const URL_START =
  /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,30}:[\\/]{1,3}|(?<![:\w/\\])[\\/]{2}(?=[\w[])|(?<!\w)(?:data|javascript|mailto|tel|file|blob):/giu;
const END = /[\s"'<>()|]|[\]},;](?=\s|$|["'])/u;
const EMAIL = /[A-Za-z0-9.!#$&'*+/=?^_{|}~-]{1,64}@[\p{L}\p{N}.-]{1,253}/gu;
const BARE_HOST = /^(?:[\p{L}\p{N}_-]{1,63}[.\u3002\uff0e]){1,10}\p{L}[\p{L}\p{N}-]{1,62}(?::\d{1,5})?(?:[/?#]\S*)?$/u;
const BARE_IP = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?:[/?#]\S*)?$/;
/** Why: a file name such as `notes.md` looks like a host; only names that are hosts for certain are taken in free text. */
const MAX_FOUND = 200;

/** Addresses in a text: URLs with any scheme, addresses of e-mail, and a text that is nothing but a host. Bounded. */
export function findAddresses(text: string): { readonly found: readonly string[]; readonly more: boolean } {
  const found: string[] = [];
  const taken: [number, number][] = [];
  for (const match of text.matchAll(URL_START)) {
    if (taken.some(([start, end]) => match.index >= start && match.index < end)) continue;
    if (found.length >= MAX_FOUND) return { found, more: true };
    const rest = text.slice(match.index, match.index + 4_200);
    const end = rest.slice(match[0].length).search(END);
    const address = end < 0 ? rest : rest.slice(0, match[0].length + end);
    taken.push([match.index, match.index + address.length]);
    found.push(address.replace(/[.,;:!?]+$/, ''));
  }
  for (const match of text.matchAll(EMAIL)) {
    if (taken.some(([start, end]) => match.index >= start && match.index < end)) continue;
    if (found.length >= MAX_FOUND) return { found, more: true };
    found.push(match[0].replace(/[.-]+$/, ''));
  }
  const whole = text.trim();
  if (found.length === 0 && whole.length < 4_200 && (BARE_HOST.test(whole) || BARE_IP.test(whole))) found.push(whole);
  return { found, more: false };
}
