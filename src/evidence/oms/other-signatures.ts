import { readFile } from 'node:fs/promises';
import { readBundle } from '../signature/bundle.ts';
import type { ModelFile } from './list-files.ts';
import type { Manifest } from './manifest.ts';
import { readStatement } from './statement.ts';

/** Why less than a bundle may have: it is read although nobody asked for it. A hundred thousand files fit. */
const SIGNATURE_BYTES = 32 * 1024 * 1024;

/** Why: a folder full of signatures must not cost more than its files. */
const SIGNATURES_AT_MOST = 20;

/** A signature beside the files of a model, and what it claims to cover. Nothing of it is verified. */
export interface OtherSignature {
  readonly path: string;
  readonly claim: Manifest;
}

/** The OMS bundles at the top of a model: files of such a name that are something else are files like any other. */
export async function signaturesAmong(files: readonly ModelFile[]): Promise<readonly OtherSignature[]> {
  const named = files.filter(({ path, size }) => isSignatureName(path) && size <= SIGNATURE_BYTES).slice(0, SIGNATURES_AT_MOST);
  const found: OtherSignature[] = [];
  for (const { path, absolute } of named) {
    try {
      const { payloadType, payload } = readBundle(await readFile(absolute));
      found.push({ path, claim: readStatement(payloadType, payload) });
    } catch {
      // Not a bundle, or gone: the caller treats it as any file.
    }
  }
  return found;
}

/**
 * Whether another signature is about the same files: then it may lie beside them without being covered. Signatures themselves are left
 * out of the comparison, because of two that were made one after the other at most the second covers the first.
 */
export function isAboutTheSame(claim: Manifest, manifest: Manifest): boolean {
  const [theirs, ours] = [filesOf(claim), filesOf(manifest)];
  const isComparable = isHashedAlike(claim, manifest);
  return theirs.size === ours.size && [...theirs].every(([path, digest]) => ours.has(path) && (!isComparable || ours.get(path) === digest));
}

function isHashedAlike({ serialization: a }: Manifest, { serialization: b }: Manifest): boolean {
  return a.method === b.method && a.hashType === b.hashType && a.shardSize === b.shardSize;
}

/** Digests of all parts of each file, by its name. */
function filesOf({ resources }: Manifest): Map<string, string> {
  const files = new Map<string, string>();
  for (const { path, digest } of resources) if (!isSignatureName(path)) files.set(path, `${files.get(path) ?? ''}${digest}`);
  return files;
}

function isSignatureName(path: string): boolean {
  return /^[^/]+\.sig$/.test(path);
}
