import type { Global } from '../../formats/pickle/values.ts';
import { INERT_NAMES, PURE_BUILTINS } from './inert-names.ts';
import { CODE_MAKERS, DANGEROUS_PACKAGES, DANGEROUS_SUBMODULES } from './dangerous-packages.ts';
import { INERT_CLASS_PREFIXES, INERT_LOWERCASE, PURE_MODULES } from './inert-packages.ts';
import { REBUILD_FUNCTIONS } from './rebuild-functions.ts';
import { STDLIB_MODULES } from './stdlib.ts';

/**
 * What an imported name is, judged by name alone:
 * - `inert`: data types and functions that rebuild them, each looked at by name; calling one runs nothing of the sender's choice
 * - `inert-class`: a class of a package that models ordinarily hold; harmless to make from plain data
 * - `pure-function`: a function that models ordinarily refer to, as a score or an activation; harmless until it is called
 * - `known-class`, `known-function`: anything else of a known package
 * - `unknown-class`, `unknown-function`: of packages nothing is known of
 * - `code`: turns shipped bytes into functions
 * - `danger`: runs commands, loads code, opens files, reaches the network, or may
 */
export type NameClass =
  | 'inert'
  | 'inert-class'
  | 'pure-function'
  | 'known-class'
  | 'known-function'
  | 'unknown-class'
  | 'unknown-function'
  | 'code'
  | 'danger';

/** Handled argument by argument where they are called; referring to them is harmless. */
export const SPECIAL_CALLEES: ReadonlySet<string> = new Set([
  'builtins.getattr',
  'builtins.type',
  '_codecs.encode',
  'copyreg._reconstructor',
  'operator.attrgetter',
  'operator.methodcaller',
]);

/** Attributes that picklers of nested classes and bound methods never need and gadget chains always do. */
function isDunder(component: string): boolean {
  return component.startsWith('__') && component.endsWith('__');
}

/** Classifies an imported name. Never trusts a deny list alone: what is not known to be inert is not inert. */
export function classify({ module, name }: Global): NameClass {
  const full = `${module}.${name}`;
  if (SPECIAL_CALLEES.has(full)) return 'inert';
  if (longestPrefix(full, CODE_MAKERS) > 0) return 'code';
  if (INERT_NAMES.has(full) || REBUILD_FUNCTIONS.has(full) || INERT_LOWERCASE.has(full)) return 'inert';
  if (PURE_BUILTINS.has(full)) return 'pure-function';
  const components = full.split('.');
  const [root = '', ...rest] = components;
  if ((isDunder(root) && root !== '__main__' && root !== '__torch__') || rest.some(isDunder)) return 'danger';
  const inertness = longestPrefix(full, INERT_CLASS_PREFIXES);
  if (STDLIB_MODULES.has(root) || (DANGEROUS_PACKAGES.has(root) && inertness === 0)) return 'danger';
  // Why: `torch.os.system` or `random._os.system` reach the library through a module that imported it.
  if (rest.slice(0, -1).some(isLibraryAlias) || CORE_MODULES.has((rest.at(-1) ?? '').replace(/^_+/, ''))) return 'danger';
  if (root === '__torch__' || isTorchType(full)) return 'inert';
  const last = components.at(-1) ?? '';
  if (last === KERAS_UNPICKLER && root === 'keras') return 'inert';
  // The more exact entry wins; of two equal ones the dangerous.
  if (longestPrefix(full, DANGEROUS_SUBMODULES) >= Math.max(1, inertness)) return 'danger';
  if (DANGEROUS_VERBS.test(last) || reachesThroughModule(module, name)) return 'danger';
  const isClass = looksLikeClass(last);
  if (inertness > 0) return isClass || isLowercaseClass(full) ? 'inert-class' : 'pure-function';
  if (!KNOWN_ROOTS.has(root)) return isClass ? 'unknown-class' : 'unknown-function';
  if (isClass) return 'known-class';
  return longestPrefix(full, PURE_MODULES) > 0 || PURE_TOP_LEVEL.test(full) ? 'pure-function' : 'known-function';
}

/** The class method that a pickled Keras model is rebuilt with: it reads a nested `.keras` archive. */
export const KERAS_UNPICKLER = '_unpickle_model';

/**
 * True for a dotted name that leads through something that is no class. Why: picklers write dots only for what stands in a
 * class; `sklearn.pipeline` + `types.FunctionType` leads through a module that another one imported.
 */
function reachesThroughModule(module: string, name: string): boolean {
  for (let end = name.indexOf('.'); end >= 0; end = name.indexOf('.', end + 1)) {
    const path = name.slice(0, end);
    const full = `${module}.${path}`;
    const isClass = looksLikeClass(path.slice(path.lastIndexOf('.') + 1)) || isLowercaseClass(full);
    if (!isClass && !INERT_LOWERCASE.has(full) && !isTorchType(full)) return true;
  }
  return false;
}

/** Names under which packages offer to run, load or fetch things. */
const DANGEROUS_VERBS =
  /^_*(eval|exec|execfile|exec_module|system|popen|spawn\w*|import_module|import_string|load_module|import_from_string|locate|loads|unpickle|run_code|run_module|runcode|runctx|check_output|check_call|getoutput|getstatusoutput|fork_exec|execute|execute_command|shell|bash|urlopen|urlretrieve|read_(pickle|csv|json|html|sql|excel|parquet|hdf|feather|orc|sas|spss|stata|xml|table|fwf|clipboard|gbq)|to_(pickle|csv|json|html|sql|excel|parquet|hdf|feather|orc|stata|xml|clipboard|gbq)|load_library|load_lib|loadtxt|savetxt|genfromtxt|fromfile|tofile|from_file|fromregex|download\w*|from_pretrained|Load\w*|load_model|save_model|load_from_checkpoint|CDLL|PyDLL|WinDLL|LoadLibrary)$/;

/** Python's metaclasses by custom: calling one makes a class with whatever methods the sender names. */
export function isMetaclass(name: string): boolean {
  return /(Meta|Metaclass|MetaClass)$/.test(name);
}

const KNOWN_ROOTS: ReadonlySet<string> = new Set([...INERT_CLASS_PREFIXES].map((prefix) => prefix.split('.')[0] ?? ''));

/** Length of the longest prefix of whole components, 0 when none fits. */
function longestPrefix(full: string, prefixes: ReadonlySet<string>): number {
  for (let end = full.length; end > 0; end = full.lastIndexOf('.', end - 1)) {
    if (prefixes.has(full.slice(0, end))) return end;
  }
  return 0;
}

/** True for `os`, `_os`, `sys`, `subprocess` and their like inside a dotted name. */
function isLibraryAlias(component: string): boolean {
  return REACHED_MODULES.has(component.replace(/^_+/, ''));
}

/** Modules so powerful that even their name at the end, where others have functions of that name, is a danger. */
const CORE_MODULES: ReadonlySet<string> = new Set([
  'os',
  'sys',
  'subprocess',
  'builtins',
  'importlib',
  'posix',
  'nt',
  'ctypes',
  'shutil',
  'marshal',
  'runpy',
]);

/** Library modules that other modules commonly hold as an attribute and that an attacker wants. */
const REACHED_MODULES: ReadonlySet<string> = new Set(
  'os sys subprocess builtins importlib socket shutil ctypes pickle marshal runpy posix nt pty code codeop inspect urllib http ftplib requests multiprocessing threading asyncio commands tempfile webbrowser pdb bdb timeit cProfile profile trace'.split(
    ' ',
  ),
);

/** Python style: classes are written in capitals. What looks like a class but is a function is still not called dangerous. */
function looksLikeClass(last: string): boolean {
  return /^_*[A-Z]/.test(last);
}

/**
 * Classes of known packages that break the rule: sparse matrices, distributions, Cython types with a letter for their
 * precision, and Cython's generated unpicklers.
 */
function isLowercaseClass(full: string): boolean {
  return LOWERCASE_CLASSES.some((pattern) => pattern.test(full));
}

const LOWERCASE_CLASSES: readonly RegExp[] = [
  /^scipy\.sparse\.\w*\.?\w+_(matrix|array)$/,
  /^scipy\.stats\.\w+\.(\w+_gen|rv_\w+|gaussian_kde)$/,
  /\._*[a-z]{1,2}[A-Z][a-z]\w*$/,
  /\.__pyx_unpickle_\w+$/,
  /^dateutil\.tz(\.tz)?\.tz(utc|local|offset|range|str)$/,
  /^scipy\.interpolate\.(\w+\.)?interp[12]d$/,
  /^statsmodels\.genmod\.families\.links\.\w+$/,
  /^scipy\.stats\.(\w+\.)?(multi_rv|matrix_normal|dirichlet|wishart)\w*$/,
];

/** Storage and tensor classes, dtypes, layouts and the quantisation schemes of torch. */
function isTorchType(full: string): boolean {
  return /^torch(\.cuda|\.sparse)?\.(\w+Storage|\w+Tensor|Size|device|dtype|layout|memory_format)$/.test(full) || TORCH_CONSTANT.test(full);
}

/** Functions that stand right in the package: mathematics, by the habit of these three; what is not is denied above. */
const PURE_TOP_LEVEL = /^(numpy|torch|pandas|jax\.numpy|jax\.nn)\.\w+$/;

const TORCH_CONSTANT =
  /^torch\.(float|double|half|bfloat16|float(8_\w+|16|32|64)|u?int(1|2|3|4|5|6|7|8|16|32|64)|short|int|long|bool|complex(32|64|128)|c(float|double|half)|q(u?int(8|32|4x2|2x4))|strided|sparse_(coo|csr|csc|bsr|bsc)|per_(tensor|channel)_(affine|symmetric)|contiguous_format|channels_last|preserve_format|storage\.(Typed|Untyped|_Typed|_Untyped)Storage)$/;
