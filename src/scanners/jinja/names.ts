/** Attributes with two underscores on both sides lead from any value to the interpreter. No chat template has them. */
export function isDunder(name: string): boolean {
  return /^__.*__$|^__$/s.test(name);
}

/** Attributes without underscores that lead to frames, code and globals of Python. */
const INTERNAL = new Set([
  'mro',
  'func_globals',
  'func_code',
  'func_closure',
  'func_defaults',
  'im_func',
  'im_self',
  'im_class',
  'gi_frame',
  'gi_code',
  'gi_yieldfrom',
  'cr_frame',
  'cr_code',
  'cr_await',
  'ag_frame',
  'ag_code',
  'tb_frame',
  'tb_next',
  'f_globals',
  'f_builtins',
  'f_locals',
  'f_back',
  'f_code',
  'co_code',
  'co_consts',
  'co_names',
]);

/** True for names that an attribute access must not have. */
export function isInternal(name: string): boolean {
  return isDunder(name) || INTERNAL.has(name);
}

const STEM =
  /^_*(?:class|bases?|mro|subclasses|globals|builtins|import|getitem|getattribute|init|init_subclass|dict|code|self|func|call|reduce|reduce_ex|module|loader|spec)_*$/;

/** True when the known pieces of a computed name are what is left of such a name. */
export function hintsAtInternal(pieces: readonly string[]): boolean {
  return pieces.some((piece, i) => piece.includes('__') || (i > 0 && i < pieces.length - 1 && STEM.test(piece)));
}

/** Functions and methods that run code or commands, open files or import, whatever they are called on. */
const DANGEROUS_CALLS = new Set([
  'eval',
  'exec',
  'execfile',
  'compile',
  'open',
  'popen',
  'Popen',
  'system',
  'spawn',
  'spawnl',
  'spawnv',
  'spawnvp',
  'execv',
  'execve',
  'execl',
  'getoutput',
  'getstatusoutput',
  'check_output',
  'check_call',
  'import_module',
  'load_module',
  'import_string',
  'from_object',
  'from_pyfile',
  'from_envvar',
  'from_string',
  'getattr',
  'setattr',
  'delattr',
  'globals',
  'locals',
  'vars',
  'breakpoint',
  'run_path',
  'run_module',
  'loads',
]);

/** True for a callee that no template needs. */
export function isDangerousCall(name: string): boolean {
  return isInternal(name) || DANGEROUS_CALLS.has(name);
}

/** Modules as names: a template can only reach them when a host or a payload put them there. */
const MODULES = new Set([
  'os',
  'sys',
  'subprocess',
  'builtins',
  'importlib',
  'shutil',
  'socket',
  'posix',
  'pty',
  'ctypes',
  'pickle',
  'marshal',
]);

/** True for the name of a Python module that acts on the system. */
export function isModule(name: string): boolean {
  return MODULES.has(name);
}

/** Objects of Jinja2 and of web frameworks whose attributes lead to the interpreter, and that no chat template needs. */
const GADGETS = new Set(['lipsum', 'self', 'url_for', 'get_flashed_messages', 'current_app']);

/** True for the names that payloads start from. */
export function isGadget(name: string): boolean {
  return GADGETS.has(name);
}

/** Functions that Jinja2 defines: objects of Python, not data. */
const BUILT_IN = new Set(['lipsum', 'cycler', 'joiner', 'namespace', 'dict', 'range']);

/** True for a function of the environment. */
export function isBuiltIn(name: string): boolean {
  return BUILT_IN.has(name);
}
