import { resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { type VerifiedModel, verifyModel } from '../../evidence/oms/verify-model.ts';
import { type SigningTime, signerText } from '../../evidence/signature/verified.ts';
import { countText } from '../../reporters/text/amounts.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { byteProgress } from '../signing/byte-progress.ts';
import { readBounded } from '../signing/read-bounded.ts';
import { type TrustFlags, trustOf } from '../signing/trust-options.ts';
import { attestationText, verifyAttestations } from '../signing/verify-attestations.ts';
import { defaultSignature } from './sign.ts';

/** Options of `cordon verify` as commander gives them. */
interface VerifyFlags extends TrustFlags {
  readonly signature?: string;
  readonly ignore?: string;
  readonly allowExtra?: boolean;
  readonly allowSymlinks?: boolean;
  readonly json?: boolean;
  readonly attestation?: readonly string[];
}

/** Why: a model of another signer may differ in every file. */
const SHOWN_DIFFERENCES = 20;

/** `cordon verify`: 0 when somebody trusted signed exactly these files, 1 with the reasons when not. */
export async function verifyCommand(path: string, flags: VerifyFlags, io: Io): Promise<number> {
  const model = resolve(io.cwd, path);
  const signature = flags.signature === undefined ? defaultSignature(model) : resolve(io.cwd, flags.signature);
  const policy = await trustOf(flags, io);
  const progress = byteProgress('hashing', io);
  try {
    const verified = await verifyModel(model, readBounded(signature, io), policy, {
      signaturePath: signature,
      ignore: ignoreOf(flags.ignore),
      allowExtra: flags.allowExtra ?? false,
      allowSymlinks: flags.allowSymlinks ?? false,
      onProgress: progress.update,
    });
    progress.close();
    const files = flags.attestation ?? [];
    const attestations = verified.matches ? await verifyAttestations(files, policy, verified.manifest, io) : [];
    if (flags.json === true) io.stdout.write(`${JSON.stringify({ ...jsonOf(verified), attestations }, null, 2)}\n`);
    else {
      io.stdout.write(verified.matches ? successText(path, verified) : failureText(path, verified));
      for (const [index, attestation] of attestations.entries()) io.stdout.write(attestationText(files[index] ?? '', attestation));
    }
    return verified.matches ? EXIT.allowed : EXIT.denied;
  } catch (error) {
    progress.close();
    if (!(error instanceof CordonError) || !error.code.startsWith('signature.')) throw error;
    if (flags.json === true) io.stdout.write(`${JSON.stringify({ verified: false, code: error.code, message: error.message }, null, 2)}\n`);
    else io.stdout.write(`NOT VERIFIED ${printable(path)}: ${printable(error.message)} (${error.code})\n`);
    return EXIT.denied;
  }
}

function ignoreOf(choice: string = 'defaults'): 'defaults' | 'none' | 'as-signed' {
  if (choice === 'defaults' || choice === 'none' || choice === 'as-signed') return choice;
  throw new CordonError('usage.invalid', '--ignore is defaults, none or as-signed');
}

function successText(path: string, { signer, time, manifest, uncovered }: VerifiedModel & { matches: true }): string {
  const files = new Set(manifest.resources.map((resource) => resource.path)).size;
  const lines = [
    `verified ${printable(path)}: ${countText(files, 'file')}, root digest ${manifest.rootDigest}`,
    `  signed by ${printable(signerText(signer))}`,
    `  ${timeText(time)}`,
    ...uncovered.slice(0, SHOWN_DIFFERENCES).map((name) => `  not covered by the signature: ${printable(name)}`),
    ...(uncovered.length > SHOWN_DIFFERENCES ? [`  and ${uncovered.length - SHOWN_DIFFERENCES} more`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function failureText(path: string, { signer, differences }: VerifiedModel & { matches: false }): string {
  const lines = [
    `NOT VERIFIED ${printable(path)}: ${countText(differences.length, 'difference')} from what was signed by ${printable(signerText(signer))} (signature.mismatch)`,
    ...differences.slice(0, SHOWN_DIFFERENCES).map(({ path: name, message }) => `  ${printable(name)} ${printable(message)}`),
    ...(differences.length > SHOWN_DIFFERENCES ? [`  and ${differences.length - SHOWN_DIFFERENCES} more`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function timeText({ basis, at }: SigningTime): string {
  if (basis === 'rfc3161') return `at ${at}, by a trusted time-stamping authority`;
  if (basis === 'transparency-log') return `at ${at}, by the transparency log`;
  if (basis === 'clock') return 'no trusted time: what signed is valid now, by the clock of this machine';
  return 'WARNING: no trusted time, and what signed is not valid now; accepted because you allowed it';
}

function jsonOf(verified: VerifiedModel) {
  const { signer, time, manifest } = verified;
  const files = manifest.resources.length;
  return {
    verified: verified.matches,
    ...(!verified.matches && { code: 'signature.mismatch', differences: verified.differences }),
    signer,
    time,
    name: manifest.name,
    rootDigest: manifest.rootDigest,
    resources: files,
    ...(verified.matches && { uncovered: verified.uncovered }),
  };
}
