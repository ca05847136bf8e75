import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { PREDICATES } from '../../evidence/attestations/predicate-types.ts';
import { scanPredicate } from '../../evidence/attestations/scan-result.ts';
import { type Statement, statementAbout, statementBytes } from '../../evidence/attestations/statement.ts';
import { contradictsItself, testResultPredicate, TestRun } from '../../evidence/attestations/test-result.ts';
import { trainingPredicate, TrainingRun } from '../../evidence/attestations/training.ts';
import type { Manifest } from '../../evidence/oms/manifest.ts';
import { manifestOf } from '../../evidence/oms/sign-model.ts';
import { IN_TOTO_PAYLOAD } from '../../evidence/oms/statement.ts';
import { countText } from '../../reporters/text/amounts.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { byteProgress } from '../signing/byte-progress.ts';
import { readBounded } from '../signing/read-bounded.ts';
import { sealOf, type SealFlags } from '../signing/seal-options.ts';
import { writeAtomically } from '../write-atomically.ts';
import { defaultSignature } from './sign.ts';

/** Options of `cordon attest` as commander gives them. */
interface AttestFlags extends SealFlags {
  readonly type: string;
  readonly from?: string;
  readonly gate?: string;
  readonly output?: string;
  readonly exclude?: readonly string[];
}

const MAX_INPUT_BYTES = 32 * 1024 * 1024;

/** `cordon attest`: signs a statement about a model and writes it beside the model, never into it. */
export async function attestCommand(path: string, flags: AttestFlags, io: Io): Promise<number> {
  const model = resolve(io.cwd, path);
  const output = resolve(io.cwd, flags.output ?? join(dirname(model), `${basename(model)}.${flags.type}.json`));
  const seal = await sealOf(flags, io);
  const progress = byteProgress('hashing', io);
  const exclude = [defaultSignature(model), output, ...(flags.exclude ?? []).map((file) => resolve(io.cwd, file))];
  const manifest = await manifestOf(model, { exclude, onProgress: progress.update }).finally(progress.close);
  const statement = await statementOf(model, flags, manifest, io);
  writeAtomically(output, await seal(IN_TOTO_PAYLOAD, statementBytes(statement)));
  io.stdout.write(
    `attested ${printable(path)}: ${statement.predicateType}, ${countText(statement.subject.length, 'subject')}, root digest ${manifest.rootDigest}\n`,
  );
  io.stdout.write(`wrote ${printable(output)}\n`);
  return EXIT.allowed;
}

async function statementOf(model: string, flags: AttestFlags, manifest: Manifest, io: Io): Promise<Statement> {
  if (flags.type === 'training') return statementAbout(manifest, PREDICATES.training, trainingPredicate(input(TrainingRun, flags, io)));
  if (flags.type === 'test-result') {
    const run = input(TestRun, flags, io);
    if (contradictsItself(run)) throw new CordonError('config.invalid', `${flags.from}: the result is better than the lists of tests`);
    return statementAbout(manifest, PREDICATES.testResult, testResultPredicate(run));
  }
  if (flags.type !== 'scan')
    throw new CordonError('usage.invalid', `unknown type ${JSON.stringify(flags.type)}; known: training, test-result, scan`);
  if (flags.from !== undefined) throw new CordonError('usage.invalid', 'a scan is made, not read: leave out --from');
  return statementAbout(manifest, PREDICATES.scan, await scanned(model, flags, manifest));
}

async function scanned(model: string, flags: AttestFlags, manifest: Manifest): Promise<object> {
  const [{ scanWithRules }, { sarif }] = await Promise.all([import('../../engine/scan.ts'), import('../../reporters/sarif.ts')]);
  const startedOn = new Date().toISOString();
  const { report, rules } = await scanWithRules([model], { ...(flags.gate !== undefined && { gate: flags.gate }) });
  refuseChanged(new Map(report.artifacts.map(({ path, sha256 }) => [path, sha256])), manifest);
  const digest = createHash('sha256').update(sarif(report, rules)).digest('hex');
  return scanPredicate(report, { startedOn, finishedOn: new Date().toISOString(), sarif: digest });
}

/** Why: what was scanned must be what is attested, also when somebody writes to the model in between. */
function refuseChanged(scannedFiles: ReadonlyMap<string, string | null>, { resources }: Manifest): void {
  for (const { path, digest } of resources) {
    const seen = path === '.' ? [...scannedFiles.values()][0] : scannedFiles.get(path);
    if (seen !== digest) throw new CordonError('signature.mismatch', `${path} was not scanned as it was hashed`);
  }
}

function input<Value>(schema: z.ZodType<Value>, { from, type }: AttestFlags, io: Io): Value {
  if (from === undefined) throw new CordonError('usage.invalid', `--type ${type} needs --from FILE (YAML or JSON)`);
  const bytes = readBounded(from, io);
  if (bytes.length > MAX_INPUT_BYTES) throw new CordonError('config.invalid', `${from} is larger than ${MAX_INPUT_BYTES} bytes`);
  try {
    return schema.parse(parse(bytes.toString(), { maxAliasCount: 0 }));
  } catch (error) {
    throw new CordonError('config.invalid', `${from}: ${error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error)}`, {
      cause: error,
    });
  }
}
