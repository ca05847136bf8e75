import type { ScanContext } from '../../core/plugin.ts';
import type { SafetensorsHeader } from '../../formats/safetensors/header.ts';

/** Metadata worth a place in a bill of materials: fact name -> keys, best first. */
const DECLARED = {
  licence: ['modelspec.license', 'license', 'licence'],
  architecture: ['modelspec.architecture', 'ss_base_model_version', 'architecture'],
  'metadata.format': ['format'],
  'model.title': ['modelspec.title', 'ss_output_name'],
  'model.author': ['modelspec.author'],
  'model.date': ['modelspec.date'],
} as const;

/** Records what the header measures and what the metadata declares. */
export function declareFacts(header: SafetensorsHeader, context: ScanContext): void {
  const dtypes: Record<string, number> = {};
  let parameters = 0;
  for (const { dtype, elements } of header.tensors) {
    if (!Number.isSafeInteger(parameters + elements)) continue;
    parameters += elements;
    const name = Object.hasOwn(dtypes, dtype) || Object.keys(dtypes).length < 32 ? dtype.slice(0, 32) : 'other';
    dtypes[name] = (dtypes[name] ?? 0) + elements;
  }
  context.fact('tensors', { count: header.tensors.length, parameters, dtypes });
  const metadata = new Map(header.metadata.map(({ key, value }) => [key, value]));
  for (const [fact, keys] of Object.entries(DECLARED)) {
    const value = keys.map((key) => metadata.get(key)).find((text) => text !== undefined && text !== '');
    if (value !== undefined && value.length <= 200) context.fact(fact, value, 'declared');
  }
}
