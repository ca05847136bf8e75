import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { CordonError } from '../../core/errors.ts';

interface Parameters {
  /** log2 of the cost. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP Password Storage Cheat Sheet: N = 2^17, r = 8, p = 1, which is 128 MiB and about 0.3 s. */
const CURRENT: Parameters = { ln: 17, r: 8, p: 1 };
const KEY_BYTES = 32;
const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,64})\$([A-Za-z0-9+/]{43})$/;
/** Why: each takes 128 MiB and a thread; more at once would let logins stop everything else. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 20;

/** Hashes a password; the parameters are kept with it (PHC string format). */
export async function hashPassword(password: string, parameters: Parameters = CURRENT): Promise<string> {
  if (password.length < 10 || password.length > 1000) throw new CordonError('request.invalid', 'a password has 10 to 1000 characters');
  const salt = randomBytes(16);
  const key = await derive(password, salt, parameters);
  return `$scrypt$ln=${parameters.ln},r=${parameters.r},p=${parameters.p}$${unpadded(salt)}$${unpadded(key)}`;
}

/** Compares a password. Without a stored hash it takes as long and is wrong. `upgrade`: hashed with less than today. */
export async function verifyPassword(
  password: string,
  stored: string | null,
): Promise<{ readonly ok: boolean; readonly upgrade: boolean }> {
  const match = FORM.exec(stored ?? '');
  const parameters = match === null ? CURRENT : { ln: Number(match[1]), r: Number(match[2]), p: Number(match[3]) };
  // Why: parameters from the database decide about memory, so a changed row must not take all of it.
  if (parameters.ln > 20 || parameters.r > 16 || parameters.p > 4) return { ok: false, upgrade: false };
  const key = await derive(password.slice(0, 1000), Buffer.from(match?.[4] ?? 'cordon', 'base64'), parameters);
  const ok = match !== null && timingSafeEqual(key, Buffer.from(match[5]!, 'base64'));
  return { ok, upgrade: ok && (parameters.ln < CURRENT.ln || parameters.r < CURRENT.r) };
}

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, { ln, r, p }: Parameters): Promise<Buffer> {
  if (running >= MAX_AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw new CordonError('access.denied', 'too many logins at once; try again in a moment');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running++;
  }
  try {
    const N = 2 ** ln;
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFC'), salt, KEY_BYTES, { N, r, p, maxmem: 130 * N * r * p + 1024 * 1024 }, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
