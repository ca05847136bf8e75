import { resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { scan } from '../../engine/scan.ts';
import type { VerifiedAttestation } from '../../evidence/attestations/verify-attestation.ts';
import type { Bill } from '../../evidence/bom/bill.ts';
import { collectBill } from '../../evidence/bom/collect.ts';
import { CYCLONEDX_VERSIONS, cyclonedxBill } from '../../evidence/bom/cyclonedx.ts';
import { spdxBill } from '../../evidence/bom/spdx.ts';
import type { Manifest } from '../../evidence/oms/manifest.ts';
import { manifestOf } from '../../evidence/oms/sign-model.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { type TrustFlags, trustOf } from '../signing/trust-options.ts';
import { verifyAttestations } from '../signing/verify-attestations.ts';
import { writeAtomically } from '../write-atomically.ts';
import { defaultSignature } from './sign.ts';

/** Options of `cordon bom` as commander gives them. */
interface BomFlags extends TrustFlags {
  readonly format: string;
  readonly spec?: string;
  readonly output?: string;
  readonly attestation?: readonly string[];
  readonly name?: string;
  readonly modelVersion?: string;
  readonly supplier?: string;
  readonly download?: string;
  readonly timestamp?: boolean;
  readonly strict?: boolean;
}

/** `cordon bom`: writes the bill; contradictions go to standard error, and deny with `--strict`. */
export async function bomCommand(path: string, flags: BomFlags, io: Io): Promise<number> {
  const model = resolve(io.cwd, path);
  const manifest = await manifestOf(model, { exclude: [defaultSignature(model)] });
  const attestations = await trustedAttestations(flags, manifest, io);
  const report = await scan([model], {});
  const bill = collectBill({
    manifest,
    // The signature is about the model and no part of it.
    report: { ...report, artifacts: report.artifacts.filter(({ path: file }) => isSigned(file, manifest)) },
    attestations,
    ...(flags.name !== undefined && { name: flags.name }),
    ...(flags.modelVersion !== undefined && { version: flags.modelVersion }),
    ...(flags.supplier !== undefined && { supplier: flags.supplier }),
    ...(flags.download !== undefined && { downloadLocation: flags.download }),
  });
  const text = written(bill, flags, io);
  if (flags.output === undefined) io.stdout.write(text);
  else writeAtomically(resolve(io.cwd, flags.output), text);
  for (const { rule, severity, message } of bill.contradictions) io.stderr.write(`${severity} ${rule}: ${printable(message)}\n`);
  return flags.strict === true && bill.contradictions.length > 0 ? EXIT.denied : EXIT.allowed;
}

function isSigned(file: string, { resources }: Manifest): boolean {
  return resources.some(({ path }) => path === file || path === '.');
}

async function trustedAttestations(flags: BomFlags, manifest: Manifest, io: Io): Promise<VerifiedAttestation[]> {
  const files = flags.attestation ?? [];
  return files.length === 0 ? [] : verifyAttestations(files, await trustOf(flags, io), manifest, io);
}

function written(bill: Bill, flags: BomFlags, io: Io): string {
  const epoch = io.env['SOURCE_DATE_EPOCH'];
  const now = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);
  if (Number.isNaN(now.getTime())) throw new CordonError('usage.invalid', 'SOURCE_DATE_EPOCH is no number of seconds');
  const time = now.toISOString().replace(/\.\d+/, '');
  if (flags.format === 'spdx') {
    if (flags.spec !== undefined && flags.spec !== '3.0') throw new CordonError('usage.invalid', 'SPDX is written as 3.0');
    return spdxBill(bill, time);
  }
  if (flags.format !== 'cyclonedx') throw new CordonError('usage.invalid', '--format is cyclonedx or spdx');
  const version = CYCLONEDX_VERSIONS.find((known) => known === (flags.spec ?? '1.6'));
  if (version === undefined) throw new CordonError('usage.invalid', `--spec is ${CYCLONEDX_VERSIONS.join(' or ')}`);
  return cyclonedxBill(bill, version, flags.timestamp === true ? time : undefined);
}
