import type { Json } from '../../core/artifact.ts';
import type { TreeEntry, TreeSubject } from '../../core/subject.ts';
import { parseJson } from '../../formats/json/parse.ts';

/** Files by which a folder is known to be a model. */
const MODEL_CONFIG =
  /^(?:config|tokenizer_config|tokenizer|generation_config|preprocessor_config|processor_config|adapter_config|model_index|modules|config_sentence_transformers|model\.safetensors\.index|pytorch_model\.bin\.index)\.json$|^MLmodel$|^model_config\.yaml$|^hubconf\.py$/;
const WEIGHT_FORMATS = new Set(['safetensors', 'gguf', 'ggml', 'onnx', 'tflite', 'executorch', 'hdf5', 'tensorflow', 'coreml']);
const WEIGHT_NAME = /\.(?:pt|pth|bin|ckpt|pkl|pickle|joblib|h5|keras|onnx|safetensors|gguf|msgpack|npz|nemo|mar|skops)$/i;

/** The folder a path lies in, with a trailing `/`; empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Entries by path, and the folders that hold a model. */
export class Repository {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly modelFolders: ReadonlySet<string>;
  readonly #tree: TreeSubject;

  constructor(tree: TreeSubject) {
    this.#tree = tree;
    this.entries = new Map(tree.entries.map((entry) => [entry.path, entry]));
    const folders = new Set<string>();
    for (const { path, format } of tree.entries) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (MODEL_CONFIG.test(name) || WEIGHT_FORMATS.has(format) || WEIGHT_NAME.test(name)) folders.add(folderOf(path));
    }
    this.modelFolders = folders;
  }

  has(path: string): boolean {
    return this.entries.has(path);
  }

  /** A file's JSON; undefined when it is absent, too large or not JSON: other scanners say so. */
  json(path: string): Json | undefined {
    const text = this.#tree.text(path);
    if (text === undefined) return undefined;
    try {
      return parseJson(Buffer.from(text), { nonFinite: true }).value;
    } catch {
      return undefined;
    }
  }

  /** The file of a dotted module below `folder`: `a.b` is `a/b.py` or `a/b/__init__.py`. */
  moduleFile(folder: string, module: string): string | undefined {
    const base = `${folder}${module.replaceAll('.', '/')}`;
    return [`${base}.py`, `${base}/__init__.py`].find((path) => this.entries.has(path));
  }
}
