import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { Observation } from '../../core/finding.ts';
import { treeScanner } from '../../core/plugin.ts';
import type { TreeSubject } from '../../core/subject.ts';
import { parseJson } from '../../formats/json/parse.ts';
import { WEIGHTS_RULES } from './rules.ts';

type WeightsObservation = Observation<(typeof WEIGHTS_RULES)[number]['id']>;

const Index = z.object({ weight_map: z.record(z.string(), z.string()) });
const INDEX = /\.index(?:\.[\w-]+)?\.json$/;
/** The two names under which Hugging Face libraries write the same weights. */
const TWINS: readonly (readonly [RegExp, string])[] = [
  [/model\.safetensors$/, 'pytorch_model.bin'],
  [/\.safetensors$/, '.bin'],
  [/\.safetensors$/, '.pt'],
  [/\.safetensors$/, '.pth'],
  [/\.safetensors$/, '.ckpt'],
  [/\.safetensors$/, '.pkl'],
];

/** Whether the weights of a repository are all there, inside it, and only there as often as needed. */
export const weightsScanner = treeScanner({
  id: 'weights',
  title: 'Weight files of a repository',
  rules: WEIGHTS_RULES,
  accepts: (tree) => tree.entries.some(({ path, format }) => INDEX.test(path) || format === 'safetensors'),
  *inspect(tree, context) {
    const paths = new Set(tree.entries.map(({ path }) => path));
    for (const { path, format } of tree.entries) {
      if (format === 'safetensors') yield* twins(path, paths);
      if (!INDEX.test(path)) continue;
      const shards = shardsOf(tree, path);
      if (shards === undefined) context.inconclusive(`${path} could not be read`);
      else yield* reportIndex(path, shards, paths);
    }
  },
});

/** File names in a weight index, each once; undefined when it could not be read, empty when it is another kind of index. */
function shardsOf(tree: TreeSubject, path: string): Set<string> | undefined {
  const text = tree.text(path);
  if (text === undefined) return undefined;
  try {
    const index = Index.safeParse(parseJson(Buffer.from(text), { nonFinite: true }).value);
    return new Set(index.success ? Object.values(index.data.weight_map) : []);
  } catch (error) {
    if (error instanceof CordonError) return undefined;
    throw error;
  }
}

function* reportIndex(path: string, shards: ReadonlySet<string>, paths: ReadonlySet<string>): Generator<WeightsObservation> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const absent: string[] = [];
  for (const shard of shards) {
    if (/^(?:[/\\~]|[A-Za-z]:)|:\/\//.test(shard) || shard.split(/[/\\]/).includes('..')) {
      yield { rule: 'weights.index-escape', key: shard.slice(0, 300), message: `The index names ${shard.slice(0, 300)}.`, at: { path } };
    } else if (!paths.has(folder + shard)) absent.push(shard);
  }
  if (absent.length === 0) return;
  const none = absent.length === shards.size;
  const listed = absent.length > 3 ? `${absent.slice(0, 3).join(', ')} and ${absent.length - 3} more` : absent.join(', ');
  yield {
    rule: 'weights.missing-shard',
    // Why milder when all are missing: then only the configuration was fetched, on purpose, and there is nothing to mistake for a model.
    ...(none && { severity: 'low' as const }),
    key: 'weights',
    message: `The index names ${shards.size} files, of which ${absent.length} are absent: ${listed}.`,
    at: { path },
    evidence: { absent: absent.slice(0, 50) },
  };
}

function* twins(path: string, paths: ReadonlySet<string>): Generator<WeightsObservation> {
  for (const [ending, other] of TWINS) {
    const twin = path.replace(ending, other);
    if (twin === path || !paths.has(twin)) continue;
    yield {
      rule: 'weights.pickle-beside-safetensors',
      key: twin,
      message: `${path} holds the same weights without executing anything.`,
      at: { path: twin },
      fix: `Delete ${twin}.`,
    };
  }
}
