import type { BigIntStats } from 'node:fs';

const KEPT = 10_000;

interface Check {
  readonly identity: string;
  readonly at: number;
}

/**
 * Which files were found intact a short while ago and have not been touched since, so that a popular blob is not hashed for
 * every reader. Why the change time is part of it: no program can set it back.
 */
export class VerifiedRecently {
  readonly #checks = new Map<string, Check>();
  readonly #validMs: number;

  constructor(validMs: number) {
    this.#validMs = validMs;
  }

  has(sha256: string, stats: BigIntStats, now: number = Date.now()): boolean {
    const check = this.#checks.get(sha256);
    return check !== undefined && check.identity === identity(stats) && now - check.at < this.#validMs && now >= check.at;
  }

  add(sha256: string, stats: BigIntStats, now: number = Date.now()): void {
    const oldest = this.#checks.size >= KEPT ? this.#checks.keys().next().value : undefined;
    if (oldest !== undefined) this.#checks.delete(oldest);
    this.#checks.delete(sha256);
    this.#checks.set(sha256, { identity: identity(stats), at: now });
  }

  remove(sha256: string): void {
    this.#checks.delete(sha256);
  }
}

function identity({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}
