import * as z from 'zod';

const Digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256 in hex');
const FileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be a file beside the manifest');
const Index = z.int().min(0).max(1_000);
const probability = z.number().min(0).max(1);

/** How the output of the model becomes a probability. */
const Head = z.strictObject({
  /** Outputs that mean attack. With one output in all, its sigmoid; with several, their share of the softmax. */
  attack: z.array(Index).min(1).max(100).describe('outputs that mean attack'),
  /** Outputs that belong together; default: all. One that stands alone is a sigmoid of its own. */
  among: z.array(Index).min(1).max(1_000).optional().describe('outputs of this question; default: all'),
  slope: z.number().positive().default(1).describe('of the calibration: log odds = slope * score + offset'),
  offset: z.number().default(0),
  threshold: probability.default(0.5).describe('what reaches it is an attack'),
});

/** How the classifier of the package and the model decide together. */
const Combination = z.strictObject({
  low: probability.describe('below, the classifier alone says: no attack'),
  high: probability.describe('from here on, the classifier alone says: attack'),
  classifier: z.number().min(0).describe('weight of the log odds of the classifier'),
  model: z.number().min(0).describe('weight of the log odds of the model'),
  offset: z.number(),
  threshold: probability.describe('of the probability of both together'),
  sure: probability.optional().describe('from here on it blocks; between the threshold and this it is reviewed. Default: the threshold'),
});

/** `cordon-model.json`: what a model of the guard needs to be run as it was measured. */
export const ModelManifest = z.strictObject({
  schema: z.literal('cordon/guard-model/1'),
  name: z.string().min(1).max(200),
  license: z.string().min(1).max(200).optional(),
  model: FileName.default('model.onnx'),
  tokenizer: FileName.default('tokenizer.json').describe('tokenizer.json, or vocab.txt of WordPiece'),
  lowercase: z.boolean().default(true).describe('of vocab.txt'),
  sha256: z.record(FileName, Digest).default({}).describe('digests of the files; one that differs is refused'),
  window: z.int().min(16).max(512).default(512).describe('tokens read at once, special tokens included'),
  overlap: z.int().min(0).max(256).default(64).describe('tokens that a window has in common with the next'),
  maxWindows: z.int().min(1).max(256).default(32).describe('windows of one text; those that the classifier finds worst'),
  batch: z.int().min(1).max(32).default(1).describe('windows run together; 1 where activations are quantised by batch'),
  heads: z.strictObject({ user: Head, document: Head }),
  combine: z.strictObject({ user: Combination, document: Combination }).optional(),
});
export type ModelManifest = z.infer<typeof ModelManifest>;

/** A head of a manifest. */
export type ModelHead = ModelManifest['heads']['user'];
/** How one head decides together with the classifier. */
export type ModelCombination = NonNullable<ModelManifest['combine']>['user'];
