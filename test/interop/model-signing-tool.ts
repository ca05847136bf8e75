import { spawnSync } from 'node:child_process';

/** The reference implementation: `pip install model-signing pyopenssl`, found by CORDON_MODEL_SIGNING or on the PATH. */
export function modelSigningTool():
  | { readonly program: string; readonly reason?: never }
  | { readonly program?: never; readonly reason: string } {
  const program = process.env['CORDON_MODEL_SIGNING'] ?? 'model_signing';
  const { status, error, stderr } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (status === 0) return { program };
  const what = error?.message ?? stderr.trim().split('\n').at(-1);
  return { reason: `${program} does not run (${what}); install model-signing from PyPI and name it in CORDON_MODEL_SIGNING` };
}

/** Runs it; answers whether it succeeded and everything it printed. */
export function runTool(program: string, args: readonly string[]): { readonly ok: boolean; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}
