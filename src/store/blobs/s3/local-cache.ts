import { link, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createWriteStream } from 'node:fs';
import { newId } from '../../ids.ts';
import { unlinkIfThere } from '../durable.ts';
import { onStorage } from '../storage-error.ts';
import { VerifyingTransform } from '../verifying-transform.ts';

/** Why: a path that was just handed out must stay valid while its receiver opens it. */
const HELD_MS = 10 * 60_000;

interface Entry {
  readonly size: number;
  usedAt: number;
}

/**
 * Copies of remote blobs on this disk, checked when they come. The least recently used go when they exceed the bound; those
 * in use may exceed it for a while.
 */
export class LocalCache {
  readonly #folder: string;
  readonly #maxBytes: number;
  /** In order of use. */
  readonly #entries = new Map<string, Entry>();
  readonly #fetching = new Map<string, Promise<string>>();
  #bytes = 0;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** Finds what an earlier process left. */
  async prepare(): Promise<void> {
    await onStorage(async () => {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      for (const name of await readdir(this.#folder)) {
        const path = join(this.#folder, name);
        if (!/^[0-9a-f]{64}$/.test(name)) await unlinkIfThere(path);
        else this.#add(name, (await stat(path)).size, 0);
      }
    });
    await this.#evict();
  }

  /** Path of the copy, if there is one. */
  path(sha256: string): string | undefined {
    const entry = this.#entries.get(sha256);
    if (entry === undefined) return undefined;
    this.#entries.delete(sha256);
    this.#entries.set(sha256, { ...entry, usedAt: Date.now() });
    return join(this.#folder, sha256);
  }

  /** Path of the copy, fetched where needed, once for all who ask at the same time. */
  async fetch(sha256: string, source: () => Promise<Readable>): Promise<string> {
    const there = this.path(sha256) ?? this.#fetching.get(sha256);
    if (there !== undefined) return there;
    const fetching = this.#fetch(sha256, source).finally(() => this.#fetching.delete(sha256));
    this.#fetching.set(sha256, fetching);
    return fetching;
  }

  /** Takes over a file whose digest was just computed. */
  async adopt(sha256: string, path: string, size: number): Promise<void> {
    if (this.#entries.has(sha256)) return;
    // A cache that cannot be filled only costs a fetch later.
    const linked = await link(path, join(this.#folder, sha256)).then(
      () => true,
      () => false,
    );
    if (linked) this.#add(sha256, size, Date.now());
    await this.#evict();
  }

  async remove(sha256: string): Promise<void> {
    const entry = this.#entries.get(sha256);
    if (entry === undefined) return;
    this.#entries.delete(sha256);
    this.#bytes -= entry.size;
    await onStorage(() => unlinkIfThere(join(this.#folder, sha256)));
  }

  async #fetch(sha256: string, source: () => Promise<Readable>): Promise<string> {
    const temporary = join(this.#folder, `${newId()}.part`);
    const path = join(this.#folder, sha256);
    try {
      return await onStorage(async () => {
        await pipeline(await source(), new VerifyingTransform(sha256), createWriteStream(temporary, { flags: 'wx', mode: 0o440 }));
        await rename(temporary, path);
        this.#add(sha256, (await stat(path)).size, Date.now());
        await this.#evict();
        return path;
      });
    } catch (error) {
      await unlinkIfThere(temporary);
      throw error;
    }
  }

  #add(sha256: string, size: number, usedAt: number): void {
    this.#entries.set(sha256, { size, usedAt });
    this.#bytes += size;
  }

  async #evict(): Promise<void> {
    for (const [sha256, { usedAt }] of this.#entries) {
      if (this.#bytes <= this.#maxBytes || Date.now() - usedAt < HELD_MS) return;
      await this.remove(sha256);
    }
  }
}
