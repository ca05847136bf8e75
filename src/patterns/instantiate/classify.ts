import { STANDARD_LIBRARY } from './standard-library.ts';

/** What calling a name with arguments from a configuration may do. */
export type TargetClass = 'ordinary' | 'unknown' | 'dangerous';

/** Packages whose classes configurations instantiate every day. */
const ML_PACKAGES = new Set(
  `accelerate audiocraft bitsandbytes composer datasets deepspeed diffusers einops espnet2 fairseq fairseq2 flash_attn gluonts
  keras ldm lightning lightning_fabric litgpt llmfoundry megatron mmcv mmdet mmengine mmpretrain mmseg monai nemo neuralforecast nnunetv2
  omegaconf open_clip peft pl_bolts pytorch_forecasting pytorch_lightning sentence_transformers sgm sklearn speechbrain streaming taming
  tensorflow tf_keras timm tokenizers torch torch_geometric torchaudio torchdata torchmetrics torchtext torchtune torchvision transformer_engine
  transformers trl ultralytics uni2ts xformers xgboost lightgbm catboost numpy scipy imblearn
  quantile_forest optuna`
    .trim()
    .split(/\s+/),
);

/** Data types and arithmetic of the standard library, which hold what they are given and do nothing else. */
const PLAIN = new Set(
  `builtins.dict builtins.list builtins.tuple builtins.set builtins.frozenset builtins.int builtins.float builtins.str builtins.bool builtins.bytes builtins.bytearray
  builtins.complex builtins.range builtins.slice builtins.len builtins.min builtins.max builtins.sum builtins.abs builtins.round builtins.sorted builtins.zip
  collections.OrderedDict collections.defaultdict collections.Counter collections.deque datetime.timedelta datetime.datetime datetime.date
  decimal.Decimal fractions.Fraction functools.partial pathlib.Path pathlib.PurePath pathlib.PosixPath pathlib.PurePosixPath pathlib.WindowsPath
  types.SimpleNamespace argparse.Namespace uuid.UUID random.Random re.compile enum.Enum types.NoneType`
    .trim()
    .split(/\s+/),
);

/** Last parts of names that load, fetch or run something, in whatever package. */
const ACTING_LEAF =
  /^(?:load|loads|load_\w+|_load\w*|unpickle\w*|read_pickle|exec\w*|eval|system|popen\w*|spawn\w*|run|run_\w+|call|check_output|check_call|import_module|get_method|get_class|get_object|get_static_method|get_original_cwd|instantiate|locate|resolve_name|fork\w*|compile\w*|save|savetxt|tofile|fromfile|memmap|genfromtxt|open\w*|write\w*|download\w*|urlopen|urlretrieve|get_file|hf_hub_download|snapshot_download|cpp_extension|load_inline|load_library|from_file|set_key|rmtree|remove|unlink)$/;

/** Modules of known packages that exist to run or fetch things. */
const ACTING_MODULE =
  /^(?:hydra\.utils|hydra\._internal|hydra\.(?!conf)|torch\.hub|torch\.package|torch\.utils\.(?:collect_env|cpp_extension|bottleneck|model_zoo|model_dump)|torch\.(?:distributed\.(?:run|launch|elastic)|_inductor|_dynamo|fx\.experimental|testing|serialization|storage|jit\.frontend|ops|classes)|numpy\.(?:f2py|distutils|testing|ctypeslib|lib\.npyio)|keras\.utils|tensorflow\.(?:io|raw_ops|py_function)|nemo\.utils\.(?:get_rank|cloud)|transformers\.(?:dynamic_module_utils|utils\.hub|tools|commands)|diffusers\.utils\.dynamic_modules_utils|accelerate\.commands|lightning\.(?:app|fabric\.cli)|deepspeed\.(?:launcher|ops)|sklearn\.utils\._testing|xgboost\.testing)(?:\.|$)/;

/** Says what a name in `_target_`, `class_path` or a YAML tag stands for. Allow-list first: what is not known is not ordinary. */
export function classifyTarget(target: string): TargetClass {
  const name = target.trim().replaceAll(':', '.');
  const parts = name.split('.');
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(name)) return 'dangerous';
  if (PLAIN.has(name)) return 'ordinary';
  const root = parts[0]!;
  if (parts.length === 1) return 'unknown';
  if (STANDARD_LIBRARY.has(root) || parts.some((part) => part.startsWith('__')) || ACTING_MODULE.test(name)) return 'dangerous';
  // Why: a package that imports `os` offers `os.system` under its own name.
  if (parts.slice(1, -1).some((part) => SYSTEM_MODULES.has(part))) return 'dangerous';
  const leaf = parts.at(-1)!;
  if (ACTING_LEAF.test(leaf)) return 'dangerous';
  return ML_PACKAGES.has(root) ? 'ordinary' : 'unknown';
}

const SYSTEM_MODULES = new Set([
  'os',
  'sys',
  'subprocess',
  'shutil',
  'builtins',
  'importlib',
  'pickle',
  'socket',
  'ctypes',
  'runpy',
  'pty',
  'posix',
]);
