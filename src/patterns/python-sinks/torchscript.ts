import type { Sink, Use } from './sink.ts';

/** Operators of TorchScript that touch files; in Python source the same names are ordinary, in a model they are not. */
const FILE_OPS = new Set(['save', 'from_file', 'load', 'load_library', '_save', 'save_to_file']);

/** Operators in the serialized code of a TorchScript model that read or write files while the model runs. */
export function torchscriptSinks(uses: readonly Use[]): Sink[] {
  const found = new Map<string, Sink>();
  for (const use of uses) {
    for (const path of use.callee) {
      const name = path.replace(/^~/, '').replace(/^torch\.ops\./, 'ops.');
      const match = /^(?:torch|ops\.aten)\.([a-z_]+)$/.exec(name);
      if (match !== null && FILE_OPS.has(match[1]!) && !found.has(name)) {
        found.set(name, { kind: 'torchscript-file', callee: name, line: use.line, runsAt: use.runsAt });
      }
    }
  }
  return [...found.values()];
}
