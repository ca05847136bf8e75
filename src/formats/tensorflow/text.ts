import type { Budget } from '../../core/budget.ts';
import { TextParser } from '../protobuf/text.ts';
import { utf8 } from '../bytes/read.ts';
import { MESSAGES, TYPE_NUMBERS } from './text-schema.ts';

/** Rewrites a SavedModel, MetaGraph or GraphDef in text form as the bytes of the binary form, so that one reader serves both. */
export function textToBinary(bytes: Uint8Array, budget: Budget): Uint8Array {
  const text = utf8(bytes);
  return new TextParser(text, MESSAGES, TYPE_NUMBERS, budget).message(rootOf(text));
}

/** The message whose fields the text names at its top. */
function rootOf(text: string): 'SavedModel' | 'MetaGraph' | 'Graph' {
  if (/^(?:meta_graphs|saved_model_schema_version)\b/m.test(text)) return 'SavedModel';
  return /^(?:meta_info_def|graph_def|saver_def|signature_def|object_graph_def)\b/m.test(text) ? 'MetaGraph' : 'Graph';
}
