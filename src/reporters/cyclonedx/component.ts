import type { Artifact, Fact } from '../../core/artifact.ts';
import type { Finding } from '../../core/finding.ts';
import type { Format } from '../../core/format.ts';
import { unsuppressed } from '../text/ranking.ts';
import { compareText } from '../text/where.ts';
import { licencesOf } from './licence.ts';
import { modelCardOf } from './model-card.ts';
import { factText, type Property, property } from './property.ts';

/** Formats that hold models, or are near enough that whoever reads an ML-BOM wants to see them as such. */
const MODEL_FORMATS: ReadonlySet<string> = new Set([
  'pickle',
  'hdf5',
  'safetensors',
  'gguf',
  'ggml',
  'onnx',
  'tensorflow',
  'tf-checkpoint',
  'tflite',
  'executorch',
  'coreml',
  'xgboost',
  'lightgbm',
  'catboost',
  'tensorrt',
] satisfies Format[]);
const DATA_FORMATS: ReadonlySet<string> = new Set(['npy', 'r-data', 'msgpack'] satisfies Format[]);

/** One artifact with its findings as a component. */
export function componentOf(artifact: Artifact, findings: readonly Finding[]): Record<string, unknown> {
  const { path, sha256, facts } = artifact;
  const type = typeOf(artifact);
  const licences = licencesOf(facts);
  return {
    type,
    'bom-ref': `artifact:${path}`,
    name: path,
    ...(sha256 === null ? {} : { hashes: [{ alg: 'SHA-256', content: sha256 }], evidence: evidenceOf(sha256) }),
    ...(licences.length === 0 ? {} : { licenses: licences }),
    ...(type === 'machine-learning-model' ? { modelCard: modelCardOf(facts) } : {}),
    properties: [...summaryOf(artifact, findings), ...facts.flatMap(factProperties)].toSorted(
      (a, b) => compareText(a.name, b.name) || compareText(a.value, b.value),
    ),
  };
}

function typeOf({ format, facts }: Artifact): 'machine-learning-model' | 'data' | 'file' {
  if (DATA_FORMATS.has(format)) return 'data';
  // An archive is a model when tensors or a pickle were found inside.
  const holdsModel = facts.some(({ name }) => name === 'tensors' || name === 'pickle.imports');
  return MODEL_FORMATS.has(format) || holdsModel ? 'machine-learning-model' : 'file';
}

function evidenceOf(sha256: string): Record<string, unknown> {
  const method = { technique: 'binary-analysis', confidence: 1, value: 'SHA-256 over all bytes' };
  return { identity: [{ field: 'hash', confidence: 1, concludedValue: sha256, methods: [method] }] };
}

function summaryOf({ size, format, verdict, completeness, reasons }: Artifact, findings: readonly Finding[]): Property[] {
  const counts = new Map<string, number>();
  for (const { severity } of unsuppressed(findings)) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  return [
    property('cordon:format', format),
    property('cordon:basis:format', 'measured'),
    ...(size === null ? [] : [property('cordon:size', String(size)), property('cordon:basis:size', 'measured')]),
    property('cordon:verdict', verdict),
    property('cordon:completeness', completeness),
    ...reasons.map((reason) => property('cordon:incomplete', reason)),
    ...[...counts].map(([severity, count]) => property(`cordon:findings:${severity}`, String(count))),
  ];
}

function factProperties({ name, member, basis, value }: Fact): Property[] {
  const field = member === undefined ? name : `${name}!${member}`;
  return [property(`cordon:fact:${field}`, factText(value)), property(`cordon:basis:${field}`, basis)];
}
