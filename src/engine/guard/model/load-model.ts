import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CordonError, errorMessage } from '../../../core/errors.ts';
import type { Tokenizer } from '../../../patterns/tokenizer/tokenizer.ts';
import { readTokenizerFile } from '../../../patterns/tokenizer/tokenizer-file.ts';
import { readVocabularyFile } from '../../../patterns/tokenizer/vocabulary-file.ts';
import { findModel } from './find-model.ts';
import type { ModelManifest } from './manifest.ts';
import { type ModelSession, openSession } from './runtime.ts';

/** Largest model and tokenizer that are read. Why: both are held in memory as a whole. */
const LARGEST_MODEL = 1024 ** 3;
const LARGEST_TOKENIZER = 64 * 1024 ** 2;

/** A model ready to run. */
export interface ReadyModel {
  readonly session: ModelSession;
  readonly tokenizer: Tokenizer;
}

/** A model of the guard: what it is at once, what it needs to run on first use. */
export interface GuardModel {
  readonly manifest: ModelManifest;
  /** sha256 over the manifest and its files: names in a decision what decided. */
  readonly digest: string;
  /** Reads, compares with the digests, and loads. A failure stays one. */
  ready(): Promise<ReadyModel>;
}

/** The model that a configuration names. Throws `config.invalid` where it is missing, too large, or not what its manifest says. */
export function loadModel(named: string, base: string): GuardModel {
  const { folder, manifest } = findModel(named, base);
  const digests = new Map<string, string>();
  for (const [name, limit] of [
    [manifest.model, LARGEST_MODEL],
    [manifest.tokenizer, LARGEST_TOKENIZER],
  ] as const) {
    digests.set(name, digestOfFile(join(folder, name), limit));
    compare(name, manifest, digests.get(name)!);
  }
  const digest = createHash('sha256')
    .update(JSON.stringify([manifest, [...digests]]))
    .digest('hex');
  let ready: Promise<ReadyModel> | undefined;
  return { manifest, digest, ready: () => (ready ??= open(folder, manifest, digests)) };
}

async function open(
  folder: string,
  { model, tokenizer, lowercase }: ModelManifest,
  digests: ReadonlyMap<string, string>,
): Promise<ReadyModel> {
  const read = async (name: string): Promise<Buffer> => {
    const bytes = await readFile(join(folder, name));
    // Why again: the file may have been replaced since the guard was made.
    if (sha256(bytes) !== digests.get(name)) throw new CordonError('config.invalid', `${name} of the model changed while in use`);
    return bytes;
  };
  const text = (await read(tokenizer)).toString('utf8');
  return {
    tokenizer: tokenizer.endsWith('.json') ? readTokenizerFile(text) : readVocabularyFile(text, lowercase),
    session: await openSession(await read(model)),
  };
}

function digestOfFile(file: string, limit: number): string {
  try {
    const { size } = statSync(file);
    if (size > limit) throw new Error(`has ${size} bytes, more than ${limit}`);
    return sha256(readFileSync(file));
  } catch (error) {
    throw new CordonError('config.invalid', `the model's file ${file}: ${errorMessage(error)}`, { cause: error });
  }
}

function compare(name: string, { sha256: expected }: ModelManifest, digest: string): void {
  if (Object.hasOwn(expected, name) && expected[name] !== digest) {
    throw new CordonError('config.invalid', `${name} of the model is not what its manifest names: sha256 ${digest}`);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
