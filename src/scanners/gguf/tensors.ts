import type { Observation } from '../../core/finding.ts';
import type { ScanContext } from '../../core/plugin.ts';
import type { ByteSource } from '../../core/source.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { shown } from '../../formats/gguf/cursor.ts';
import type { GgufLayout, PlacedTensor } from '../../formats/gguf/layout.ts';
import type { GgufRuleId } from './rules.ts';

type Observations = Iterable<Observation<GgufRuleId>>;

/** Findings of one kind in one file: what is wrong with the first twenty tensors is wrong with the rest. */
const EACH = 20;
/** How llama.cpp bounds a tensor: GGML_MAX_DIMS. */
const MAX_DIMENSIONS = 4;

/** Checks shape, place and type of every tensor, and looks into whatever bytes belong to none. */
export function* inspectTensors(layout: GgufLayout, source: ByteSource, context: ScanContext): Observations {
  yield* names(layout.tensors);
  yield* shapes(layout.tensors);
  for (const tensor of layout.outside.filter(hasShape).slice(0, EACH)) {
    const message = `Tensor ${tensor.name} needs ${tensor.bytes} bytes at ${shown(layout.dataStart + tensor.offset)} of a file of ${source.size}`;
    yield { rule: 'gguf.tensor-bounds', key: tensor.name.slice(0, 200), message };
  }
  if (layout.outside.length > 0) context.inconclusive('tensor data beyond the end of the file');
  for (const tensor of layout.misaligned.slice(0, EACH)) {
    const message = `Tensor ${tensor.name} begins at ${tensor.offset}, off the alignment of ${layout.alignment}`;
    yield { rule: 'gguf.tensor-overlap', key: tensor.name.slice(0, 200), message };
  }
  for (const tensor of layout.overlapping.slice(0, EACH)) {
    yield { rule: 'gguf.tensor-overlap', key: tensor.name.slice(0, 200), message: `Tensor ${tensor.name} overlaps another` };
  }
  yield* strays(layout, source, context);
}

function* names(tensors: readonly PlacedTensor[]): Observations {
  const seen = new Set<string>();
  for (const { name } of tensors) {
    if (seen.has(name)) yield { rule: 'gguf.duplicate-key', key: name.slice(0, 200), message: `Tensor ${name.slice(0, 200)} occurs twice` };
    seen.add(name);
  }
}

function* shapes(tensors: readonly PlacedTensor[]): Observations {
  const wrong = tensors.filter((tensor) => !hasShape(tensor));
  for (const { name, dimensions } of wrong.slice(0, EACH)) {
    const message = `Tensor ${name} has the dimensions ${dimensions.map(shown).join(' x ')}`;
    yield { rule: 'gguf.tensor-shape', key: name.slice(0, 200), message };
  }
  const unknown = new Set(tensors.filter((tensor) => tensor.bytes === undefined).map((tensor) => tensor.type));
  for (const type of [...unknown].slice(0, EACH)) {
    yield { rule: 'gguf.unknown-type', key: `type ${type}`, message: `Tensors of type ${type}, which no released ggml knows` };
  }
}

function hasShape({ dimensions, elements, bytes }: PlacedTensor): boolean {
  return dimensions.length <= MAX_DIMENSIONS && Number.isFinite(elements) && (bytes === undefined || Number.isFinite(bytes));
}

function* strays(layout: GgufLayout, source: ByteSource, context: ScanContext): Observations {
  const isKnown = layout.tensors.every((tensor) => Number.isFinite(tensor.bytes)) && layout.outside.length === 0;
  const tail = isKnown && layout.end < source.size ? [{ begin: layout.end, end: source.size }] : [];
  for (const { begin, end } of [...layout.holes.slice(0, EACH), ...tail]) {
    const isEmpty = isZero(source, begin, end);
    const message = `${end - begin} bytes at ${begin} belong to no tensor${isEmpty ? '; they are zero' : ''}`;
    const key = end === source.size ? 'end' : 'hole';
    yield { rule: 'gguf.stray-data', key, message, at: { offset: begin }, ...(isEmpty && { severity: 'medium' as const }) };
    context.descend({ name: `bytes at ${begin}`, source: sliceSource(source, begin, end - begin), role: 'opaque' });
  }
}

/** True when a stretch of at most 1 MiB is nothing but zeros. */
function isZero(source: ByteSource, begin: number, end: number): boolean {
  return end - begin <= 1024 * 1024 && source.read(begin, end - begin).every((byte) => byte === 0);
}
