import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { MAX_HEADER_BYTES, quote, readHeader, type SafetensorsHeader, statedHeaderLength } from '../../formats/safetensors/header.ts';
import { layOut } from '../../formats/safetensors/layout.ts';
import type { TensorEntry } from '../../formats/safetensors/tensor.ts';
import { declareFacts } from './facts.ts';
import { inspectMetadata } from './metadata.ts';
import { RULES, type SafetensorsRuleId } from './rules.ts';

type Observations = Iterable<Observation<SafetensorsRuleId>>;

/** Findings of one kind in one file: what is wrong with the first twenty tensors is wrong with the rest. */
const EACH = 20;

/** Reads the header of a safetensors file, and whatever bytes belong to no tensor. */
export const safetensorsScanner = fileScanner({
  id: 'safetensors',
  title: 'safetensors: header, tensor layout, metadata',
  rules: RULES,
  accepts: (subject) => subject.format === 'safetensors',
  *inspect(subject, context) {
    const stated = statedHeaderLength(subject.source);
    if (stated > MAX_HEADER_BYTES) {
      const message = `The header is said to be ${stated} bytes long; readers accept at most ${MAX_HEADER_BYTES}`;
      yield { rule: 'safetensors.header-oversize', key: 'header', message, at: { offset: 0 }, evidence: { bytes: stated } };
      context.inconclusive('safetensors header too long to be read');
      return;
    }
    const header = readHeader(subject.source, context.budget);
    yield* inspectHeader(header);
    yield* inspectLayout(header, subject.source, context);
    yield* inspectMetadata(header.metadata, context);
    declareFacts(header, context);
  },
});

function* inspectHeader(header: SafetensorsHeader): Observations {
  for (const { key, message, offset } of header.duplicates.slice(0, EACH)) {
    yield { rule: 'safetensors.duplicate-key', key: key.slice(0, 200), message: `Header ${message}`, at: { offset } };
  }
  for (const { key, message, offset } of header.irregularities.slice(0, EACH)) {
    yield { rule: 'safetensors.header-irregular', key: key.slice(0, 200), message: `Header: ${message}`, at: { offset } };
  }
  const unknown = header.tensors.filter((tensor) => tensor.bytes === undefined);
  for (const dtype of [...new Set(unknown.map((tensor) => tensor.dtype))].slice(0, EACH)) {
    const message = `Header: dtype ${quote(dtype)} is not known to the format`;
    yield { rule: 'safetensors.header-irregular', severity: 'medium', key: `dtype ${dtype.slice(0, 40)}`, message };
  }
  const wrong = header.tensors.filter((tensor) => tensor.bytes !== undefined && tensor.bytes !== tensor.end - tensor.begin);
  for (const tensor of wrong.slice(0, EACH)) {
    const message = `Tensor ${quote(tensor.name)} occupies ${tensor.end - tensor.begin} bytes; its shape and dtype ask for ${Number.isFinite(tensor.bytes) ? tensor.bytes : 'no whole number'}`;
    yield { rule: 'safetensors.size-mismatch', key: tensor.name.slice(0, 200), message };
  }
}

function* inspectLayout(header: SafetensorsHeader, source: ByteSource, context: ScanContext): Observations {
  const { dataStart } = header;
  const size = source.size - dataStart;
  const layout = layOut(header.tensors, size);
  for (const tensor of layout.outside.slice(0, EACH)) yield outside(tensor, size);
  if (layout.outside.length > 0) context.inconclusive('tensor data beyond the end of the file');
  for (const tensor of layout.overlapping.slice(0, EACH)) {
    const message = `Tensor ${quote(tensor.name)} overlaps the tensor in front of it`;
    yield { rule: 'safetensors.tensor-overlap', key: tensor.name.slice(0, 200), message, at: { offset: dataStart + tensor.begin } };
  }
  for (const [index, { begin, end }] of layout.holes.slice(0, EACH).entries()) {
    const message = `${end - begin} bytes between tensors belong to none`;
    yield { rule: 'safetensors.hole', key: `hole ${index}`, message, at: { offset: dataStart + begin }, evidence: { bytes: end - begin } };
  }
  if (layout.end < size && layout.outside.length === 0) {
    const message = `${size - layout.end} bytes behind the last tensor`;
    yield { rule: 'safetensors.trailing-data', key: 'end', message, at: { offset: dataStart + layout.end } };
  }
  const strays = layout.end < size ? [...layout.holes, { begin: layout.end, end: size }] : layout.holes;
  if (strays.length > EACH) context.inconclusive(`only ${EACH} of ${strays.length} holes were looked into`);
  for (const { begin, end } of strays.slice(-EACH)) {
    context.descend({ name: `bytes at ${dataStart + begin}`, source: sliceSource(source, dataStart + begin, end - begin), role: 'opaque' });
  }
}

function outside(tensor: TensorEntry, size: number): Observation<SafetensorsRuleId> {
  const message = `Tensor ${quote(tensor.name)} is said to occupy bytes ${tensor.begin} to ${tensor.end} of a buffer of ${size}`;
  return { rule: 'safetensors.tensor-bounds', key: tensor.name.slice(0, 200), message };
}
