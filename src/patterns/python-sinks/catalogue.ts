import type { SinkKind } from './sink.ts';

/** What a bare callee does, before its arguments are looked at. `source-*` are no sinks: they feed others. */
export type CalleeKind =
  | Extract<SinkKind, 'process' | 'dynamic-code' | 'unsafe-load' | 'native-code' | 'network' | 'deletes-files' | 'package-install'>
  | 'decode'
  | 'import-module'
  | 'open'
  | 'environment';

/** Modules of which every callable does the same; longer prefixes win. */
const MODULES: Readonly<Record<string, CalleeKind>> = {
  subprocess: 'process',
  pty: 'process',
  commands: 'process',
  popen2: 'process',
  pexpect: 'process',
  sh: 'process',
  plumbum: 'process',
  _posixsubprocess: 'process',
  invoke: 'process',
  fabric: 'process',
  runpy: 'dynamic-code',
  code: 'dynamic-code',
  codeop: 'dynamic-code',
  marshal: 'dynamic-code',
  pickle: 'unsafe-load',
  _pickle: 'unsafe-load',
  cPickle: 'unsafe-load',
  dill: 'unsafe-load',
  cloudpickle: 'unsafe-load',
  shelve: 'unsafe-load',
  jsonpickle: 'unsafe-load',
  ctypes: 'native-code',
  cffi: 'native-code',
  _ctypes: 'native-code',
  requests: 'network',
  httpx: 'network',
  aiohttp: 'network',
  urllib3: 'network',
  socket: 'network',
  ftplib: 'network',
  smtplib: 'network',
  telnetlib: 'network',
  paramiko: 'network',
  websocket: 'network',
  websockets: 'network',
  xmlrpc: 'network',
  'urllib.request': 'network',
  'http.client': 'network',
  pip: 'package-install',
  base64: 'decode',
  binascii: 'decode',
  zlib: 'decode',
  lzma: 'decode',
  bz2: 'decode',
  gzip: 'decode',
  codecs: 'decode',
};

const EXACT: Readonly<Record<string, CalleeKind>> = {
  ...kindOf('process', [
    ...'system popen popen2 popen3 popen4 startfile posix_spawn posix_spawnp fork forkpty'.split(' ').map((name) => `os.${name}`),
    ...['execl', 'execle', 'execlp', 'execlpe', 'execv', 'execve', 'execvp', 'execvpe'].map((name) => `os.${name}`),
    ...['spawnl', 'spawnle', 'spawnlp', 'spawnlpe', 'spawnv', 'spawnve', 'spawnvp', 'spawnvpe'].map((name) => `os.${name}`),
    'platform.popen',
    'asyncio.create_subprocess_exec',
    'asyncio.create_subprocess_shell',
    'asyncio.subprocess.create_subprocess_exec',
    'asyncio.subprocess.create_subprocess_shell',
    'multiprocessing.util.spawnv_passfds',
    'distutils.spawn.spawn',
    'torch.utils.collect_env.run',
    'IPython.get_ipython().system',
  ]),
  ...kindOf('dynamic-code', [
    'builtins.eval',
    'builtins.exec',
    'builtins.compile',
    'builtins.execfile',
    'types.CodeType',
    'types.FunctionType',
    'importlib.util.spec_from_file_location',
    'importlib.util.spec_from_loader',
    'importlib.machinery.SourceFileLoader',
    'importlib.machinery.ExtensionFileLoader',
    'importlib.machinery.SourcelessFileLoader',
    'imp.load_source',
    'imp.load_module',
    'imp.load_dynamic',
    'timeit.timeit',
    'cProfile.run',
    'profile.run',
    'bdb.Bdb().run',
    'pdb.run',
    'trace.Trace().run',
    'doctest.testfile',
    'torch.hub.load',
    'torch.package.PackageImporter',
  ]),
  ...kindOf('import-module', [
    'importlib.import_module',
    'importlib.__import__',
    'builtins.__import__',
    'pydoc.locate',
    'pkgutil.resolve_name',
  ]),
  ...kindOf('unsafe-load', [
    'joblib.load',
    'pandas.read_pickle',
    'yaml.unsafe_load',
    'yaml.unsafe_load_all',
    'yaml.full_load',
    'yaml.UnsafeLoader',
  ]),
  ...kindOf('native-code', [
    'torch.utils.cpp_extension.load',
    'torch.utils.cpp_extension.load_inline',
    'torch.ops.load_library',
    'numpy.ctypeslib.load_library',
    'torch.classes.load_library',
  ]),
  ...kindOf('network', [
    'asyncio.open_connection',
    'urllib.urlopen',
    'urllib2.urlopen',
    'urllib.urlretrieve',
    'wget.download',
    'torch.hub.download_url_to_file',
  ]),
  ...kindOf('deletes-files', [
    'shutil.rmtree',
    'os.remove',
    'os.unlink',
    'os.rmdir',
    'os.removedirs',
    'os.truncate',
    'pathlib.Path().unlink',
    'pathlib.Path().rmdir',
  ]),
  ...kindOf('decode', ['builtins.bytes.fromhex', '~bytes.fromhex', '~bytearray.fromhex']),
  ...kindOf('open', [
    'builtins.open',
    'io.open',
    'codecs.open',
    'pathlib.Path().open',
    'pathlib.Path().write_text',
    'pathlib.Path().write_bytes',
    'os.open',
  ]),
  ...kindOf('environment', [
    'os.environ',
    'os.environ.get',
    'os.environ.__getitem__',
    'os.environ.items',
    'os.environ.copy',
    'os.environ.values',
    'os.getenv',
    'os.environb',
  ]),
};

/** Callables of the modules above that do nothing but read, measure or encode. */
const HARMLESS = new Set([
  ...'dump dumps Pickler PickleError PicklingError UnpicklingError HIGHEST_PROTOCOL DEFAULT_PROTOCOL'
    .split(' ')
    .flatMap((name) => ['pickle', '_pickle', 'cPickle', 'dill', 'cloudpickle'].map((module) => `${module}.${name}`)),
  ...'PIPE STDOUT DEVNULL CalledProcessError TimeoutExpired SubprocessError CompletedProcess list2cmdline'
    .split(' ')
    .map((name) => `subprocess.${name}`),
  'subprocess.Popen().returncode',
  'jsonpickle.encode',
  'marshal.dump',
  'marshal.dumps',
  ...'c_int c_uint c_long c_ulong c_longlong c_ulonglong c_size_t c_ssize_t c_int8 c_int16 c_int32 c_int64 c_uint8 c_uint16 c_uint32 c_uint64 c_float c_double c_bool c_byte c_ubyte c_short c_ushort c_char c_char_p c_void_p c_wchar_p POINTER Structure Union Array sizeof byref pointer addressof util.find_library py_object'
    .split(' ')
    .map((name) => `ctypes.${name}`),
  ...'gethostname getfqdn AF_INET AF_INET6 AF_UNIX SOCK_STREAM SOCK_DGRAM SOL_SOCKET SO_REUSEADDR timeout error gaierror inet_aton inet_ntoa'
    .split(' ')
    .map((name) => `socket.${name}`),
  ...'exceptions RequestException HTTPError ConnectionError Timeout adapters Session Response codes'
    .split(' ')
    .map((name) => `requests.${name}`),
  ...'HTTPError URLError Timeout TimeoutException'.split(' ').map((name) => `httpx.${name}`),
  ...'ClientSession ClientTimeout ClientError TCPConnector'.split(' ').map((name) => `aiohttp.${name}`),
  'urllib.request.Request',
  'urllib.request.pathname2url',
  'urllib.request.url2pathname',
  'urllib3.disable_warnings',
  'urllib3.util',
  'sh.ErrorReturnCode',
]);

/** Modules that are known elsewhere by another name. */
const SAME_MODULE: Readonly<Record<string, string>> = {
  posix: 'os',
  nt: 'os',
  _os: 'os',
  __builtin__: 'builtins',
  __builtins__: 'builtins',
  _io: 'io',
  _socket: 'socket',
};
/** Modules whose presence inside a dotted path makes it theirs: `shutil.os.system`. */
const INNER = new Set(['os', 'subprocess', 'builtins', '__builtins__', 'posix', 'nt', 'importlib', 'pty', 'runpy', '_posixsubprocess']);

/** The canonical spelling of a dotted path: modules reached through other modules, and their aliases. */
export function canonicalPath(path: string): string {
  const parts = path.split('.');
  for (let at = parts.length - 2; at > 0; at--) {
    if (INNER.has(parts[at]!)) return canonicalPath(parts.slice(at).join('.'));
  }
  const same = SAME_MODULE[parts[0]!];
  return same === undefined ? path : [same, ...parts.slice(1)].join('.');
}

/** What the callable at a canonical path does; undefined for all that is ordinary. */
export function calleeKind(path: string): CalleeKind | undefined {
  const exact = Object.hasOwn(EXACT, path) ? EXACT[path] : undefined;
  if (exact !== undefined) return exact;
  const parts = path.split('.');
  for (const length of [2, 1]) {
    const module = parts.slice(0, length).join('.');
    if (parts.length <= length || !Object.hasOwn(MODULES, module)) continue;
    for (let end = length + 1; end <= parts.length; end++) if (HARMLESS.has(parts.slice(0, end).join('.'))) return undefined;
    return MODULES[module];
  }
  return undefined;
}

function kindOf(kind: CalleeKind, names: readonly string[]): Record<string, CalleeKind> {
  return Object.fromEntries(names.map((name) => [name, kind]));
}
