import type { Config } from '../core/config.ts';
import type { Decision } from '../core/decision.ts';
import { CordonError, errorMessage } from '../core/errors.ts';
import { compileGate, decide } from './cel/gate.ts';
import { resolveGate } from './gates.ts';
import type { PolicyInput } from './input-document.ts';
import { openServerPolicy } from './opa/server.ts';
import { openWasmPolicy } from './opa/wasm.ts';

/** A gate ready to decide, whoever decides. */
export interface Policy {
  readonly gate: string;
  decide(input: PolicyInput): Promise<Decision>;
}

/** What the caller reads for the policy: plugins and policies open nothing themselves. */
export interface PolicySources {
  /** The bytes of `policy.bundle`, resolved against the folder of the configuration file. */
  readBundle(path: string): Promise<Uint8Array>;
  /** An environment variable. */
  environment(name: string): string | undefined;
}

/** Opens a gate of a configuration with the engine that the configuration names. Throws `config.invalid`. */
export async function openPolicy(config: Pick<Config, 'gates' | 'policy'>, gateName: string, sources: PolicySources): Promise<Policy> {
  const gate = resolveGate(gateName, config);
  const { policy } = config;
  if (policy.engine === 'cel') {
    const compiled = compileGate(gate);
    return { gate: gateName, decide: async (input) => decide(compiled, input) };
  }
  const written = config.gates[gateName];
  if (written !== undefined && written.deny.length + written.warn.length > 0) {
    // Why an error: entries that nobody evaluates look like protection.
    throw new CordonError('config.invalid', `gates.${gateName} has CEL entries, but policy.engine is ${policy.engine}, which ignores them`);
  }
  if (policy.engine === 'opa-wasm') {
    const bytes = await readBundleBytes(policy.bundle, sources);
    const decideInWasm = await openWasmPolicy({ gate, bytes, source: policy.bundle, path: policy.path });
    return { gate: gateName, decide: async (input) => decideInWasm(input) };
  }
  const token = policy.tokenEnv === undefined ? undefined : sources.environment(policy.tokenEnv);
  if (policy.tokenEnv !== undefined && token === undefined) {
    throw new CordonError('config.invalid', `the environment variable ${policy.tokenEnv} (policy.tokenEnv) is not set`);
  }
  const { url, path, timeoutMs } = policy;
  return { gate: gateName, decide: openServerPolicy({ gate, url, path, timeoutMs, token }) };
}

async function readBundleBytes(path: string, sources: PolicySources): Promise<Uint8Array> {
  try {
    return await sources.readBundle(path);
  } catch (error) {
    throw new CordonError('config.invalid', `cannot read policy.bundle ${path}: ${errorMessage(error)}`, { cause: error });
  }
}
