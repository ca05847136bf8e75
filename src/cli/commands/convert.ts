import { resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { convertToSafetensors } from '../../engine/convert/convert.ts';
import { bytesText, countText } from '../../reporters/text/amounts.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';

/** Options of `cordon convert` as commander gives them. */
interface ConvertFlags {
  readonly to: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly key?: string;
}

/** Why: somebody else's groups of shared tensors must not flood the terminal. */
const SHOWN_GROUPS = 10;
const SHOWN_NAMES = 6;
const INTERVAL_MS = 100;
const ERASE = '\r\x1b[2K';

/** `cordon convert`: writes the safetensors file and returns 0, or says why not and returns 1. */
export async function convertCommand(file: string, flags: ConvertFlags, io: Io): Promise<number> {
  if (flags.to !== 'safetensors')
    throw new CordonError('usage.invalid', `cannot convert to ${JSON.stringify(flags.to)}; known: safetensors`);
  const progress = openProgress(io.stderr);
  const interrupted = new AbortController();
  const stop = (): void => interrupted.abort(new CordonError('usage.invalid', 'interrupted; nothing was written'));
  process.once('SIGINT', stop);
  try {
    const { output, tensors, bytes, shared } = await convertToSafetensors(resolve(io.cwd, file), {
      ...(flags.output !== undefined && { output: resolve(io.cwd, flags.output) }),
      ...(flags.force === true && { force: true }),
      ...(flags.key !== undefined && { key: flags.key }),
      signal: interrupted.signal,
      onProgress: progress.update,
    });
    progress.close();
    for (const line of sharedText(shared)) io.stderr.write(`${line}\n`);
    io.stdout.write(`wrote ${printable(output)}: ${countText(tensors, 'tensor')}, ${bytesText(bytes)}\n`);
    return EXIT.allowed;
  } catch (error) {
    progress.close();
    if (!(error instanceof CordonError)) throw error;
    if (!/^(convert|format|limit)\./.test(error.code)) throw error;
    io.stderr.write(`cordon: ${printable(file)} was not converted: ${printable(error.message)}\n`);
    return EXIT.denied;
  } finally {
    process.off('SIGINT', stop);
  }
}

function sharedText(groups: readonly (readonly string[])[]): string[] {
  const lines = groups.slice(0, SHOWN_GROUPS).map((names) => {
    const shown = names.slice(0, SHOWN_NAMES).map(printable).join(', ');
    const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
    return `shared memory: ${shown}${more}; each was written with bytes of its own`;
  });
  return groups.length > SHOWN_GROUPS ? [...lines, `shared memory: ${groups.length - SHOWN_GROUPS} more groups`] : lines;
}

/** One line on a terminal, erased at the end. */
function openProgress(stderr: Io['stderr']) {
  let next = Date.now() + INTERVAL_MS;
  let drawn = false;
  return {
    update(done: number, total: number): void {
      if (stderr.isTTY !== true || Date.now() < next) return;
      next = Date.now() + INTERVAL_MS;
      drawn = true;
      stderr.write(`${ERASE}converting ${bytesText(done)} of ${bytesText(total)}`);
    },
    close(): void {
      if (drawn) stderr.write(ERASE);
      drawn = false;
    },
  };
}
