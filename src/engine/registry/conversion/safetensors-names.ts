/** Weights as torch and the libraries on it save them. */
const CHECKPOINT = /\.(?:bin|pt|pth|ckpt)$/i;
/** What trainers leave beside the weights; no loader of a model opens it. */
const LEFTOVER = /^(?:training_args|optimizer|scheduler|scaler|rng_state(?:_\d+)?)\.(?:bin|pt|pth)$/i;
/** `pytorch_model.bin`, `pytorch_model-00001-of-00002.bin`, `pytorch_model.fp16.bin`. */
const TRANSFORMERS = /^pytorch_model((?:-\d+-of-\d+)?(?:\.[A-Za-z0-9_-]+)?)\.bin$/;
/** `pytorch_model.bin.index.json`, `diffusion_pytorch_model.bin.index.fp16.json`. */
const INDEX = /^(.+)\.bin\.index((?:\.[A-Za-z0-9_-]+)?)\.json$/;

/** Where loaders look for the safetensors of a checkpoint; undefined: it is none by its name. */
export function safetensorsName(path: string): string | undefined {
  const { folder, name } = split(path);
  if (LEFTOVER.test(name) || !CHECKPOINT.test(name)) return undefined;
  const [, rest] = TRANSFORMERS.exec(name) ?? [];
  return `${folder}${rest === undefined ? name.replace(CHECKPOINT, '') : `model${rest}`}.safetensors`;
}

/** The same for the list that says which shard holds which tensor. */
export function safetensorsIndexName(path: string): string | undefined {
  const { folder, name } = split(path);
  const [, stem, variant] = INDEX.exec(name) ?? [];
  if (stem === undefined) return undefined;
  return `${folder}${stem === 'pytorch_model' ? 'model' : stem}.safetensors.index${variant ?? ''}.json`;
}

/** Whether a file is of the training alone, so that a model without it loads as before. */
export function isTrainingLeftover(path: string): boolean {
  return LEFTOVER.test(split(path).name);
}

/** Names under which the whole weights of a checkpoint would lie beside it already: as one file, or as an index. */
export function wholeNames(path: string): readonly string[] {
  const target = safetensorsName(path);
  if (target === undefined) return [];
  const { folder, name } = split(target);
  const whole = name.replace(/-\d+-of-\d+/, '');
  const [, stem, variant] = /^([^.]+)((?:\.[^.]+)?)\.safetensors$/.exec(whole) ?? [];
  return stem === undefined ? [target] : [target, folder + whole, `${folder}${stem}.safetensors.index${variant ?? ''}.json`];
}

function split(path: string): { readonly folder: string; readonly name: string } {
  const at = path.lastIndexOf('/') + 1;
  return { folder: path.slice(0, at), name: path.slice(at) };
}
