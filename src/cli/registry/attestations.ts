import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { printable } from '../../core/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readBounded } from '../signing/read-bounded.ts';
import { writeAtomically } from '../write-atomically.ts';
import { Client, type ServerFlags } from './client.ts';
import { parseTarget, revisionPath } from './target.ts';

/** An attestation as the API tells it. */
export interface AttestationAnswer {
  readonly digest: string;
  readonly predicateType: string;
  readonly subject: string;
  readonly signer: string | null;
  readonly byRegistry: boolean;
  readonly problem: string;
  readonly createdAt: string;
  readonly bundle?: string;
}

/** `cordon attestation push NAME FILE...`: the server takes only what verifies by its own trust. */
export async function attestationPushCommand(name: string, files: readonly string[], flags: ServerFlags, io: Io): Promise<number> {
  const client = new Client(flags, io);
  const path = `${revisionPath(parseTarget(name))}/attestations`;
  for (const file of files) {
    const text = readBounded(file, io).toString('utf8');
    const { digest, predicateType, signer } = await client.postDocument<AttestationAnswer>(path, text);
    io.stdout.write(`${printable(file)}: ${printable(predicateType)} by ${printable(signer ?? '')}, kept as ${digest}\n`);
  }
  return EXIT.allowed;
}

/** `cordon attestation list NAME`. */
export async function attestationListCommand(name: string, flags: ServerFlags & { readonly json?: boolean }, io: Io): Promise<number> {
  const kept = await new Client(flags, io).get<readonly AttestationAnswer[]>(`${revisionPath(parseTarget(name))}/attestations`);
  if (flags.json === true) io.stdout.write(`${JSON.stringify(kept, null, 2)}\n`);
  else for (const one of kept) io.stdout.write(attestationLine(one));
  return EXIT.allowed;
}

/** `cordon attestation fetch NAME --output FOLDER`: the bundles and the keys of the registry, for `cordon verify` without a server. */
export async function attestationFetchCommand(name: string, flags: ServerFlags & { readonly output: string }, io: Io): Promise<number> {
  const client = new Client(flags, io);
  const kept = await client.get<readonly AttestationAnswer[]>(`${revisionPath(parseTarget(name))}/attestations?bundles=true`);
  const keys = await client.get<readonly { fingerprint: string; publicKey: string; revoked: boolean }[]>('/signing-keys');
  const folder = resolve(io.cwd, flags.output);
  mkdirSync(folder, { recursive: true });
  for (const { bundle, digest, predicateType, signer } of kept) {
    if (bundle === undefined || signer === null) continue;
    const file = join(folder, `${shortName(predicateType)}-${digest.slice(0, 12)}.json`);
    writeAtomically(file, bundle);
    io.stdout.write(`${printable(file)}\n`);
  }
  for (const { fingerprint, publicKey, revoked } of keys) {
    if (revoked) continue;
    const file = join(folder, `registry-${fingerprint.slice(0, 12)}.pub`);
    writeAtomically(file, publicKey);
    io.stdout.write(`${printable(file)}\n`);
  }
  return EXIT.allowed;
}

/** One line for people. */
export function attestationLine({ predicateType, signer, problem, byRegistry, createdAt }: AttestationAnswer): string {
  const who = signer === null ? `DOES NOT COUNT: ${printable(problem)}` : `${printable(signer)}${byRegistry ? ', this registry' : ''}`;
  return `${createdAt}  ${printable(predicateType)}  ${who}\n`;
}

/** The last telling part of a predicate type, fit for a file name. */
function shortName(predicateType: string): string {
  const parts = predicateType.split('/').filter((part) => !/^v?\d/.test(part));
  return (parts.at(-1) ?? 'attestation').replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, 60);
}
