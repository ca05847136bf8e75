import type { Format } from '../../core/format.ts';

/** What an extension promises of the content. */
export interface FormatPromise {
  /** Formats that keep the promise. */
  readonly formats: readonly Format[];
  /** A model loader opens files of this name, so content that nobody recognises deserves a look. */
  readonly model: boolean;
  /**
   * `data`: readers of this name expect no code. `code`: loaders of this name execute what they find (pickle), so that no
   * content is worse than what the name says. `any`: the name is used for everything.
   */
  readonly carries: 'data' | 'code' | 'any';
}

const COMPRESSED: readonly Format[] = ['gzip', 'zlib', 'bzip2', 'xz', 'lzma', 'lz4', 'zstd'];
const TEXT: readonly Format[] = ['text', 'json', 'yaml', 'python', 'jinja', 'xml', 'lightgbm', 'empty'];

/** Extensions, and what each of them promises. */
const PROMISES: readonly (readonly [extensions: string, promise: FormatPromise])[] = [
  ['safetensors', model('safetensors')],
  ['gguf', model('gguf')],
  ['ggml', model('ggml', 'gguf')],
  ['onnx ort', model('onnx', 'tflite')],
  ['h5 hdf5', model('hdf5')],
  ['npy', model('npy')],
  ['npz', model('zip')],
  ['keras', model('zip', 'hdf5')],
  ['pb', model('tensorflow', 'onnx', 'coreml')],
  ['tflite', model('tflite')],
  ['pte', model('executorch')],
  ['mlmodel', model('coreml')],
  ['pmml', model('xml')],
  ['cbm', model('catboost')],
  ['ubj', model('xgboost')],
  ['msgpack', model('msgpack')],
  ['engine plan trt', model('tensorrt', 'unknown')],
  ['rds rda rdata', { formats: ['r-data', ...COMPRESSED], model: true, carries: 'code' }],
  ['pkl pickle joblib dill cloudpickle', { formats: ['pickle', 'zip', 'tar', ...COMPRESSED], model: true, carries: 'code' }],
  ['pt pth ptl pt2 th torch pdparams pdopt', { formats: ['pickle', 'zip', 'tar', ...COMPRESSED], model: true, carries: 'code' }],
  ['nemo mar skops', { formats: ['zip', 'tar', ...COMPRESSED], model: true, carries: 'code' }],
  ['bin ckpt model pdmodel pdiparams params', { formats: [], model: true, carries: 'any' }],
  ['txt md rst csv tsv json jsonl yaml yml toml ini cfg py html css js', { formats: TEXT, model: false, carries: 'data' }],
  ['png jpg jpeg gif bmp webp tif tiff ico', { formats: ['image'], model: false, carries: 'data' }],
  ['svg', { formats: ['xml', 'text', 'image'], model: false, carries: 'data' }],
  ['pdf', { formats: ['pdf'], model: false, carries: 'data' }],
  ['mp3 wav ogg flac mp4 m4a mov avi webm ttf otf woff woff2', { formats: ['media'], model: false, carries: 'data' }],
  ['parquet arrow feather avro orc sqlite', { formats: ['tabular'], model: false, carries: 'data' }],
];

const BY_EXTENSION = new Map(PROMISES.flatMap(([extensions, promise]) => extensions.split(' ').map((extension) => [extension, promise])));

/** Files that tools write beside a model in an encoding of their own, under an extension that promises a model. */
const SIDE_FILES = /^(?:.*_)?(fingerprint|input_\d+|output_\d+|keras_metadata|saved_model_debug_info)\.pb$/i;

/** What the name promises of the content; undefined when it promises nothing. */
export function promiseOf(name: string): FormatPromise | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  if (dot < 1 || SIDE_FILES.test(base)) return undefined;
  return BY_EXTENSION.get(base.slice(dot + 1).toLowerCase());
}

function model(...formats: Format[]): FormatPromise {
  return { formats, model: true, carries: 'data' };
}
