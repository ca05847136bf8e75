/**
 * Names that hold data and run nothing of their own: every one was looked at for what its constructor, `__setstate__` and
 * results can do. Exact, because a prefix of the standard library is never safe.
 */
export const INERT_NAMES: ReadonlySet<string> = new Set(
  [
    `builtins: ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError BufferError
     BytesWarning ConnectionError DeprecationWarning EOFError Ellipsis Exception FileExistsError FileNotFoundError
     FloatingPointError FutureWarning GeneratorExit IOError ImportError IndexError InterruptedError IsADirectoryError KeyError
     KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplemented
     NotImplementedError OSError OverflowError PermissionError ProcessLookupError RecursionError ReferenceError
     RuntimeError RuntimeWarning StopIteration SyntaxError SystemError TimeoutError TypeError UnboundLocalError
     UnicodeDecodeError UnicodeEncodeError UnicodeError UserWarning ValueError Warning ZeroDivisionError
     bool bytearray bytes complex dict enumerate float frozenset int iter list object range reversed set slice str tuple zip
     abs all any hash len max min ord pow repr round sorted sum NoneType`,
    'collections: ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque',
    'copyreg: __newobj__ __newobj_ex__',
    'datetime: date datetime time timedelta timezone',
    'decimal: Decimal Context',
    '_decimal: Decimal',
    'enum: Enum Flag IntEnum IntFlag StrEnum',
    'fractions: Fraction',
    'functools: partial',
    'io: BytesIO StringIO',
    '_io: BytesIO StringIO',
    'ipaddress: IPv4Address IPv4Interface IPv4Network IPv6Address IPv6Interface IPv6Network',
    'itertools: chain combinations count cycle islice permutations product repeat zip_longest',
    'logging: getLogger Logger PlaceHolder RootLogger',
    'math: cos exp floor ceil log log10 log1p log2 sin sqrt tan tanh fabs hypot',
    'numbers: Complex Integral Number Rational Real',
    'operator: itemgetter add sub mul truediv floordiv mod neg eq ne lt le gt ge and_ or_ not_ getitem index',
    '_operator: add sub mul truediv floordiv mod neg eq ne lt le gt ge and_ or_ not_',
    'os: stat_result',
    'pathlib: Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath',
    'pathlib._local: Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath',
    'random: Random',
    '_random: Random',
    're: _compile RegexFlag',
    'string: Template',
    'time: struct_time',
    'types: SimpleNamespace MappingProxyType NoneType GenericAlias',
    'typing: Any Callable Dict FrozenSet Iterable List Mapping NamedTuple Optional Sequence Set Tuple Union',
    'urllib.parse: ParseResult ParseResultBytes SplitResult SplitResultBytes',
    'uuid: SafeUUID UUID',
    'xml.etree.ElementTree: Element',
    'zoneinfo: ZoneInfo ZoneInfo._unpickle',
    '_zoneinfo: ZoneInfo._unpickle',
    'array: array _array_reconstructor',
  ].flatMap((line) => {
    const [module = '', names = ''] = line.split(': ');
    return names
      .trim()
      .split(/\s+/)
      .map((name) => `${module}.${name}`);
  }),
);
