import type { ByteSource } from '../../core/source.ts';
import { probeFile } from '../protobuf/probe.ts';
import { LENGTH, Wire, wholeRange } from '../protobuf/wire.ts';
import { utf8 } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';
import { shapesOf } from './shape.ts';

/** Top-level fields of the text form that no other protobuf text begins with; a bare node must name its operator. */
const TEXT_HEAD =
  /^\s*(?:#[^\n]*\n\s*)*(?:saved_model_schema_version\s*:|meta_graphs\s*:?\s*[{<]|meta_info_def\s*:?\s*[{<]|graph_def\s*:?\s*[{<]|(?:node|library)\s*:?\s*[{<])/;
const TEXT_NODE = /\bop\s*:\s*["']|\bsignature\s*:?\s*[{<]/;

/** SavedModel, MetaGraph, GraphDef and Keras metadata, binary or text. */
export const tensorflow: Signature = {
  format: 'tensorflow',
  matches(head, source) {
    return isTensorFlowBinary(head, source) || isTensorFlowText(utf8(head));
  },
};

/** True for a SavedModel, MetaGraph, GraphDef or Keras metadata in binary form. */
export function isTensorFlowBinary(head: Uint8Array, source: ByteSource): boolean {
  return probeFile(head, source, { 1: LENGTH, 2: LENGTH }) !== undefined && shapesOf(new Wire(source), wholeRange(source)).length > 0;
}

/** True for the head of a SavedModel, MetaGraph or GraphDef in protobuf text form. */
export function isTensorFlowText(head: string): boolean {
  return TEXT_HEAD.test(head) && (!/^\s*(?:#[^\n]*\n\s*)*(?:node|library)/.test(head) || TEXT_NODE.test(head));
}

/** A checkpoint index: a sorted table that ends in the magic number of LevelDB tables. */
export const tfCheckpoint: Signature = {
  format: 'tf-checkpoint',
  matches(head, source) {
    // The first key of the first block is empty. Asking for the end of a compressed member would inflate it whole.
    if (head[0] !== 0 || head[1] !== 0 || head[3] === 0 || source.size < 48) return false;
    const tail = source.read(source.size - 8, 8);
    return [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb].every((byte, index) => tail[index] === byte);
  },
};
