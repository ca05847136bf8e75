import { createHash } from 'node:crypto';
import type { Decision, Reason } from '../../core/decision.ts';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { toDecision } from '../decision.ts';
import type { ResolvedGate } from '../gates.ts';
import type { PolicyInput } from '../input-document.ts';
import { readBundle } from './bundle.ts';
import { reasonsOf, unavailable } from './result.ts';

/** Pages of 64 KiB: 512 MiB. Why: the input is copied into it, and nothing else bounds what a policy allocates. */
const MAX_PAGES = 8_192;

/** A compiled Rego bundle to decide with. */
export interface WasmPolicyOptions {
  readonly gate: ResolvedGate;
  readonly bytes: Uint8Array;
  /** Where the bytes came from, for errors. */
  readonly source: string;
  /** Entrypoint, for example `cordon/decision`. */
  readonly path: string;
}

/** Loads Rego compiled to WebAssembly. Throws `config.invalid` for bytes or an entrypoint that cannot be used. */
export async function openWasmPolicy(options: WasmPolicyOptions): Promise<(input: PolicyInput) => Decision> {
  const { gate, bytes, source, path } = options;
  const bundle = readBundle(bytes, source);
  const { loadPolicy } = await import('@open-policy-agent/opa-wasm');
  const loaded = await attempt(source, async () => {
    const policy = await loadPolicy(Uint8Array.from(bundle.wasm), { initial: 5, maximum: MAX_PAGES });
    policy.setData(bundle.data as object);
    return policy;
  });
  const entrypoints = Object.keys(loaded.entrypoints);
  if (!entrypoints.includes(path)) {
    throw new CordonError(
      'config.invalid',
      `${source} has no entrypoint ${JSON.stringify(path)}; it has ${entrypoints.join(', ') || 'none'}`,
    );
  }
  const policy = createHash('sha256').update(path).update('\0').update(bytes).digest('hex');
  return (input) => {
    let reasons: readonly Reason[];
    try {
      const [first] = loaded.evaluate(input, path) as readonly { readonly result?: unknown }[];
      reasons = reasonsOf(first?.result);
    } catch (error) {
      reasons = [unavailable(thrownMessage(error))];
    }
    return toDecision({ engine: 'opa-wasm', policy, allowIncomplete: gate.allowIncomplete, reasons }, input);
  };
}

async function attempt<Result>(source: string, load: () => Promise<Result>): Promise<Result> {
  try {
    return await load();
  } catch (error) {
    throw new CordonError('config.invalid', `${source} cannot be loaded: ${thrownMessage(error)}`, { cause: error });
  }
}

/** Why: the library throws strings and plain objects too. */
function thrownMessage(error: unknown): string {
  const message: unknown = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : errorMessage(error);
}
