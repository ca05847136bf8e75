import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CordonError } from '../../../core/errors.ts';
import { ModelManifest } from './manifest.ts';
import { readJson } from './read-json.ts';

const MODELS = ['model.onnx', 'model_quantized.onnx', 'model_int8.onnx'];
const TOKENIZERS = ['tokenizer.json', 'vocab.txt'];
/** Names of classes that are no attack, in the models that are published. */
const HARMLESS = new Set(['benign', 'safe', 'legit', 'legitimate', 'normal', 'clean', 'ham', 'no_injection', 'not_injection']);

const HuggingFaceConfig = z.object({
  id2label: z.record(z.string(), z.string()).optional(),
  max_position_embeddings: z.number().optional(),
});

/**
 * The manifest of a model that has none: the files that Hugging Face exports, labels from its `config.json`. Throws `config.invalid` where
 * the labels do not say what is an attack. Why: a guess that is the wrong way round would block everything else.
 */
export function describeFolder(folder: string): ModelManifest {
  const model = MODELS.find((name) => existsSync(join(folder, name)));
  const tokenizer = TOKENIZERS.find((name) => existsSync(join(folder, name)));
  const config = join(folder, 'config.json');
  if (model === undefined || tokenizer === undefined || !existsSync(config)) {
    throw new CordonError(
      'config.invalid',
      `${folder} holds no model: it needs cordon-model.json, or model.onnx, tokenizer.json (or vocab.txt) and config.json`,
    );
  }
  const { id2label = {}, max_position_embeddings: longest = 512 } = HuggingFaceConfig.parse(readJson(config));
  const labels = Object.entries(id2label);
  const harmless = labels.filter(([, label]) => HARMLESS.has(label.toLowerCase()));
  if (harmless.length !== 1 || labels.length < 2) {
    throw new CordonError(
      'config.invalid',
      `${config}: the labels do not say which output means attack; write a cordon-model.json with heads.user.attack and heads.document.attack`,
    );
  }
  const attack = labels.filter(([id]) => id !== harmless[0]![0]).map(([id]) => Number(id));
  return ModelManifest.parse({
    schema: 'cordon/guard-model/1',
    name: 'model',
    model,
    tokenizer,
    window: Math.max(16, Math.min(512, longest)),
    heads: { user: { attack }, document: { attack } },
  });
}
