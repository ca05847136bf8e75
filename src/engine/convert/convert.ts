import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Report } from '../../core/report.ts';
import { severityRank } from '../../core/severity.ts';
import { openFile, type OpenFile } from '../file-source.ts';
import { scan } from '../scan.ts';
import { writeSafetensors } from './write-safetensors.ts';

export interface ConvertOptions {
  /** File to write. Default: beside the input, with the extension `.safetensors`. */
  readonly output?: string;
  /** Replace an existing file. */
  readonly force?: boolean;
  /** The dict to convert where the file holds several, for example `state_dict`. */
  readonly key?: string;
  /** Ends the conversion; nothing is left behind. */
  readonly signal?: AbortSignal;
  /** Told after every piece written, in bytes. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was written. */
export interface Conversion {
  readonly output: string;
  readonly tensors: number;
  readonly bytes: number;
  /** Names whose tensors shared memory; each now has bytes of its own. */
  readonly shared: readonly (readonly string[])[];
}

/**
 * Rewrites the state dict of a torch zip as safetensors: storages are copied byte for byte and nothing is executed. Throws
 * `convert.refused` when the file is dangerous or holds something else than tensors, `usage.invalid` when the output is in the way.
 */
export async function convertToSafetensors(input: string, options: ConvertOptions = {}): Promise<Conversion> {
  const output = options.output ?? join(dirname(input), `${basename(input, extname(input))}.safetensors`);
  checkOutput(input, output, options.force ?? false);
  refuseDangerous(await scan([input], { hash: false, cache: false, gate: 'ci' }));
  const file = open(input);
  try {
    const { tensors, bytes, shared } = await writeSafetensors(file.source, output, {
      force: options.force ?? false,
      signal: options.signal,
      key: options.key,
      onProgress: options.onProgress,
    });
    return { output, tensors, bytes, shared };
  } finally {
    file.close();
  }
}

function checkOutput(input: string, output: string, force: boolean): void {
  if (!existsSync(input)) throw new CordonError('input.missing', `${input} does not exist`);
  if (!existsSync(output)) return;
  if (realpathSync(output) === realpathSync(input))
    throw new CordonError('usage.invalid', 'the output is the input; name another --output');
  if (!force) throw new CordonError('usage.invalid', `${output} exists; --force replaces it`);
}

/** Why: a file that a scan blocks is not laundered into one that looks safe, although the conversion itself executes nothing. */
function refuseDangerous(report: Report): void {
  const worst = [...report.findings].sort((a, b) => severityRank(b.severity) - severityRank(a.severity))[0];
  if (report.verdict === 'blocked' && worst !== undefined)
    throw new CordonError('convert.refused', `the scan blocks this file: ${worst.severity} ${worst.rule}: ${worst.message}`);
  if (report.completeness === 'complete') return;
  const reason = report.artifacts.flatMap((artifact) => artifact.reasons)[0] ?? report.completeness;
  throw new CordonError('convert.refused', `the file could not be scanned to its end: ${reason}`);
}

function open(input: string): OpenFile {
  try {
    return openFile(input);
  } catch (error) {
    throw new CordonError('input.unreadable', `${input}: ${errorMessage(error)}`, { cause: error });
  }
}
