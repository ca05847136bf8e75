import type { Config } from '../core/config.ts';
import type { Decision } from '../core/decision.ts';
import { CordonError, errorCode, errorMessage } from '../core/errors.ts';
import { secretIn } from '../core/secret-reference.ts';
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
  /** A secret by its reference. Throws `secret.missing` and `secret.unavailable`. */
  secret(reference: string): Promise<string>;
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
  const reference = secretIn(policy.token, policy.tokenEnv);
  const token = reference === undefined ? undefined : () => sources.secret(reference);
  await requireToken(token);
  const { url, path, timeoutMs } = policy;
  return { gate: gateName, decide: openServerPolicy({ gate, url, path, timeoutMs, token }) };
}

/** Why only one that there is not: a place that does not answer now may do so when the gate is asked, which denies till then. */
async function requireToken(token: (() => Promise<string>) | undefined): Promise<void> {
  try {
    await token?.();
  } catch (error) {
    if (errorCode(error) === 'secret.unavailable') return;
    throw new CordonError('config.invalid', `the token of policy.url cannot be had: ${errorMessage(error)}`, { cause: error });
  }
}

async function readBundleBytes(path: string, sources: PolicySources): Promise<Uint8Array> {
  try {
    return await sources.readBundle(path);
  } catch (error) {
    throw new CordonError('config.invalid', `cannot read policy.bundle ${path}: ${errorMessage(error)}`, { cause: error });
  }
}
