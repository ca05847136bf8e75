/**
 * Names that hold data and run nothing of their own: every one was looked at for what its constructor, `__setstate__` and
 * results can do. Exact, because a prefix of the standard library is never safe.
 */
export const INERT_NAMES: ReadonlySet<string> = names([
  `builtins: ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError BufferError
     BytesWarning ConnectionError DeprecationWarning EOFError Ellipsis Exception FileExistsError FileNotFoundError
     FloatingPointError FutureWarning GeneratorExit IOError ImportError IndexError InterruptedError IsADirectoryError KeyError
     KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplemented
     NotImplementedError OSError OverflowError PermissionError ProcessLookupError RecursionError ReferenceError
     RuntimeError RuntimeWarning StopIteration SyntaxError SystemError TimeoutError TypeError UnboundLocalError
     UnicodeDecodeError UnicodeEncodeError UnicodeError UserWarning ValueError Warning ZeroDivisionError
     bool bytearray bytes complex dict enumerate float frozenset int iter list object range reversed set slice str tuple zip NoneType`,
  'argparse: Namespace',
  'collections: ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque',
  'copyreg: __newobj__ __newobj_ex__',
  'datetime: date datetime time timedelta timezone',
  `decimal: Decimal Context Clamped ConversionSyntax DivisionByZero DivisionImpossible DivisionUndefined FloatOperation Inexact
     InvalidContext InvalidOperation Overflow Rounded Subnormal Underflow DecimalException`,
  '_decimal: Decimal',
  'enum: Enum Flag IntEnum IntFlag StrEnum',
  'fractions: Fraction',
  'functools: partial',
  'io: BytesIO StringIO',
  '_io: BytesIO StringIO',
  'ipaddress: IPv4Address IPv4Interface IPv4Network IPv6Address IPv6Interface IPv6Network',
  'itertools: chain combinations count cycle islice permutations product repeat zip_longest',
  'logging: getLogger Logger PlaceHolder RootLogger',
  'numbers: Complex Integral Number Rational Real',
  'operator: itemgetter',
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
]);

/**
 * Functions and methods of the standard library that models refer to, as a tokenizer, a key or an aggregate: harmless until
 * the stream itself calls one, which picklers never do.
 */
export const PURE_BUILTINS: ReadonlySet<string> = names([
  'builtins: abs all any ascii bin callable chr divmod format hash hex id isinstance issubclass len max min next oct ord pow repr round sorted sum print',
  `builtins.str: lower upper strip lstrip rstrip split rsplit splitlines title capitalize casefold swapcase join replace startswith
     endswith isdigit isalpha isalnum isnumeric isspace islower isupper find count encode zfill center ljust rjust`,
  'builtins.bytes: decode hex fromhex join split',
  'builtins.list: append extend copy count index',
  'builtins.dict: get keys values items copy fromkeys',
  'builtins.set: add union intersection difference',
  'builtins.int: from_bytes to_bytes bit_length',
  'builtins.float: fromhex hex is_integer',
  `math: acos acosh asin asinh atan atan2 atanh ceil comb copysign cos cosh degrees dist erf erfc exp expm1 fabs factorial floor fmod
     fsum gamma gcd hypot isclose isfinite isinf isnan lgamma log log10 log1p log2 perm pow prod radians sin sinh sqrt tan tanh trunc`,
  `operator: add sub mul truediv floordiv mod neg pos abs eq ne lt le gt ge and_ or_ xor not_ inv invert is_ is_not contains getitem
     index pow matmul concat truth iadd isub imul`,
  `_operator: add sub mul truediv floordiv mod neg pos abs eq ne lt le gt ge and_ or_ xor not_ inv invert is_ is_not contains getitem
     index pow matmul concat truth iadd isub imul`,
  'statistics: mean median mode stdev variance pstdev pvariance fmean harmonic_mean geometric_mean',
  'string: capwords',
  'datetime.datetime: fromisoformat isoformat strptime strftime timestamp date',
  'functools: cmp_to_key',
  'random: random uniform randint choice gauss',
  'time: time perf_counter monotonic',
]);

/** `module: name name ...` lines as full names. */
function names(lines: readonly string[]): ReadonlySet<string> {
  return new Set(
    lines.flatMap((line) => {
      const [module = '', list = ''] = line.split(': ');
      return list
        .trim()
        .split(/\s+/)
        .map((name) => `${module}.${name}`);
    }),
  );
}
