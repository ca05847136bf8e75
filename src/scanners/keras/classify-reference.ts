import type { Severity } from '../../core/severity.ts';
import { STANDARD_LIBRARY } from '../../patterns/instantiate/standard-library.ts';
import { KERAS_CLASSES, KERAS_FUNCTIONS, words } from './builtin-names.ts';
import type { KerasRuleId } from './rules.ts';

/** A class or function that a configuration asks the loader to fetch by name. */
export interface Reference {
  readonly kind: 'class' | 'function';
  /** Module as written; undefined in the legacy formats. */
  readonly module: string | undefined;
  readonly name: string;
  /** `package>name` under which custom code registers itself. */
  readonly registeredName: string | undefined;
}

/** What is wrong with a reference. */
export interface Suspicion {
  readonly rule: KerasRuleId;
  readonly severity?: Severity;
  /** Completes "`X` …". */
  readonly what: string;
}

const KERAS_ROOT = /^(?:keras|tf_keras|tensorflow\.keras|tensorflow\.python\.keras|tensorflow_core\.python\.keras)(?:\.|$)/;
/** Parts of a module path that say where in the source a name is, not what it is. */
const NEUTRAL_PART = /^(?:src|api|_v1|_v2|v1|v2|_tf_keras|keras|legacy|experimental|compat)$/;
/** Parts of Keras whose classes are models and what they are made of. */
const MODELLING =
  /^(?:layers|activations|initializers|regularizers|constraints|optimizers?|losses|metrics|models|engine|dtype_policies|mixed_precision|quantizers|ops|random|trainers|distillation|applications|premade|premade_models|feature_column|layers_v1|backend)$/;
/** Operations that call a function they are given. */
const HIGHER_ORDER = new Set(
  words(`map cond while_loop scan fori_loop vectorized_map switch associative_scan custom_gradient Map Cond WhileLoop Scan ForiLoop
    VectorizedMap Switch AssociativeScan JVP Function`),
);
/** Packages of the Keras team whose classes its models are made of. */
const KERAS_FAMILY = /^(?:keras_hub|keras_nlp|keras_cv|keras_rs)(?:\.|$)/;
/** Packages that extend Keras; their classes must be installed and imported by whoever loads the model. */
const EXTENSIONS =
  /^(?:keras_tuner|autokeras|keras_contrib|tensorflow_(?:addons|recommenders|probability|model_optimization|similarity|decision_forests|ranking|gnn|text|hub)|tf_agents|official|larq|spektral|tcn|segmentation_models|qkeras|deepctr|bayesflow|sionna|einops|tf_keras_vis|stellargraph|transformers)(?:\.|$)/;

/** Loaders, downloaders and switches inside Keras: gadgets of published attacks, whatever module they are named in. */
const GADGETS: Readonly<Record<string, string>> = {
  get_file: 'downloads a file to a path of its choice and unpacks it (CVE-2025-8747)',
  enable_unsafe_deserialization: 'switches the safe mode off (CVE-2025-9906)',
  load_model: 'loads another model, with safe mode off if asked to',
  load_weights: 'loads another file',
  model_from_json: 'loads another configuration',
  model_from_yaml: 'loads YAML',
  model_from_config: 'loads another configuration',
  deserialize_keras_object: 'loads another configuration',
  func_load: 'runs marshalled byte code',
  set_backend: 'changes the settings of Keras',
  import_module: 'imports any module',
  LazyModule: 'imports any module',
  ExportArchive: 'writes files',
  KerasFileEditor: 'opens files',
};
const WRAPPERS: Readonly<Record<string, Suspicion>> = {
  Lambda: { rule: 'keras.lambda', severity: 'medium', what: 'calls an arbitrary Python function' },
  TorchModuleWrapper: {
    rule: 'keras.torch-module',
    what: 'carries a pickled PyTorch module, which is unpickled on loading (CVE-2025-49655)',
  },
  TFSMLayer: { rule: 'keras.saved-model-layer', what: 'loads and runs a TensorFlow SavedModel from a path' },
  KerasLayer: { rule: 'keras.saved-model-layer', severity: 'medium', what: 'loads and runs a TensorFlow Hub module from an address' },
  JaxLayer: { rule: 'keras.custom-object', what: 'wraps functions that are not in the file' },
  FlaxLayer: { rule: 'keras.custom-object', what: 'wraps a module that is not in the file' },
};
/** Functions of Python itself that run, open or reach into things. */
const ACTING_BUILTINS = new Set(
  words(
    `__import__ breakpoint compile delattr eval exec execfile exit file getattr globals help input locals memoryview object open quit raw_input setattr super type vars`,
  ),
);
const PLAIN_BUILTINS = new Set(words(`NoneType bool bytes complex dict float frozenset int list range set slice str tuple`));

/** Says what is wrong with a reference; undefined for what ordinary models refer to. Allow-list first. */
export function classifyReference(reference: Reference): Suspicion | undefined {
  const { module, name } = resolve(reference);
  const gadget = GADGETS[name];
  if (module === undefined) return gadget === undefined ? classifyBare(reference, name) : { rule: 'keras.gadget', what: gadget };
  if (KERAS_ROOT.test(module)) return classifyKeras(module, name, gadget);
  if (KERAS_FAMILY.test(module)) {
    if (gadget !== undefined) return { rule: 'keras.gadget', what: gadget };
    return isClassName(name) ? undefined : { rule: 'keras.foreign-module', what: 'is a function, which ordinary models do not name' };
  }
  if (module === 'builtins' || module === '__builtin__') return classifyBuiltin(reference.kind, name);
  return classifyForeign(reference, module, name);
}

/** Dots in the name belong to the module: `keras` and `utils.get_file` are `keras.utils.get_file` to the loader. */
function resolve({ module, name }: Reference): { module: string | undefined; name: string } {
  const bare = name.slice(name.lastIndexOf('>') + 1);
  const full = module === undefined || module === '' ? bare : `${module}.${bare}`;
  const dot = full.lastIndexOf('.');
  return dot < 0 ? { module: undefined, name: full } : { module: full.slice(0, dot), name: full.slice(dot + 1) };
}

function isClassName(name: string): boolean {
  return /^[A-Z]\w*$/.test(name);
}

function classifyKeras(module: string, name: string, gadget: string | undefined): Suspicion | undefined {
  if (gadget !== undefined) return { rule: 'keras.gadget', what: gadget };
  if (Object.hasOwn(WRAPPERS, name)) return WRAPPERS[name];
  const part = module.split('.').find((segment) => !NEUTRAL_PART.test(segment) && segment !== 'tensorflow' && segment !== 'python');
  const modelling = part === undefined || MODELLING.test(part) || /^(?:tf_keras|keras)$/.test(part);
  if (KERAS_CLASSES.has(name)) return undefined;
  if (modelling && KERAS_FUNCTIONS.has(name)) return undefined;
  if (part === 'ops' && /^[A-Za-z]\w*$/.test(name) && !HIGHER_ORDER.has(name)) return undefined;
  if (modelling) return { rule: 'keras.unknown-builtin', what: 'is no class or function that Keras models are known to be made of' };
  return isClassName(name)
    ? { rule: 'keras.unknown-builtin', what: 'is no part of models' }
    : { rule: 'keras.gadget', what: 'is a tool of Keras, not a part of models' };
}

/** The legacy formats: names only, found among the classes of Keras and those registered by the program. */
function classifyBare({ kind, registeredName }: Reference, name: string): Suspicion | undefined {
  if (Object.hasOwn(WRAPPERS, name)) return WRAPPERS[name];
  if (KERAS_CLASSES.has(name) || KERAS_FUNCTIONS.has(name)) return undefined;
  if (kind === 'function' && ACTING_BUILTINS.has(name)) return { rule: 'keras.system-reference', what: 'is a function of Python itself' };
  if (registeredName !== undefined && /^keras_(?:hub|nlp|cv|rs)>/.test(registeredName)) return undefined;
  return { rule: 'keras.custom-object', what: 'is custom code that is not in the file' };
}

function classifyBuiltin(kind: Reference['kind'], name: string): Suspicion | undefined {
  if (ACTING_BUILTINS.has(name) || name.startsWith('__')) return { rule: 'keras.system-reference', what: 'is a function of Python itself' };
  if (KERAS_FUNCTIONS.has(name) || KERAS_CLASSES.has(name) || PLAIN_BUILTINS.has(name)) return undefined;
  return { rule: 'keras.custom-object', what: `is a custom ${kind} that is not in the file` };
}

function classifyForeign({ kind, registeredName }: Reference, module: string, name: string): Suspicion | undefined {
  const root = module.split('.')[0] ?? '';
  if (root === '__main__') return { rule: 'keras.custom-object', what: `is a custom ${kind} that is not in the file` };
  const parts = module.split('.');
  if (STANDARD_LIBRARY.has(root) || parts.slice(1).some((part) => SYSTEM_PARTS.has(part)) || name.startsWith('__')) {
    return { rule: 'keras.system-reference', what: 'is not Keras but part of the Python standard library' };
  }
  if (/^(?:tensorflow|jax)(?:\.|$)/.test(module) && KERAS_FUNCTIONS.has(name)) return undefined;
  const registered = registeredName !== undefined && /^[^>]+>[^>]+$/.test(registeredName);
  if (kind === 'class' && isClassName(name) && (EXTENSIONS.test(module) || (registered && !INSTALLED_EVERYWHERE.has(root)))) {
    return { rule: 'keras.custom-object', what: 'is a custom class that is not in the file' };
  }
  return { rule: 'keras.foreign-module', what: 'makes Keras before 3.9 import a module that is not Keras' };
}

/** A package that imports `os` offers it under its own name. */
const SYSTEM_PARTS = new Set([
  'os',
  'sys',
  'subprocess',
  'shutil',
  'builtins',
  'importlib',
  'pickle',
  'socket',
  'ctypes',
  'posix',
  'runpy',
]);
/** Packages found where Keras is: a registered name does not make their classes harmless. */
const INSTALLED_EVERYWHERE = new Set(
  words(
    `absl astunparse cloudpickle dill flax google grpc h5py IPython jax jaxlib joblib markdown matplotlib ml_dtypes namex numpy optree packaging pandas pip pkg_resources PIL pydantic requests rich scipy setuptools six sklearn tensorboard tensorflow termcolor torch torchvision tqdm urllib3 werkzeug wheel wrapt yaml`,
  ),
);
