/** A dtype of torch as safetensors writes it. */
export interface Dtype {
  readonly name: string;
  /** Bytes of one element. */
  readonly bytes: number;
}

function dtype(name: string, bytes: number): Dtype {
  return { name, bytes };
}

const BOOL = dtype('BOOL', 1);
const U8 = dtype('U8', 1);
const I8 = dtype('I8', 1);
const I16 = dtype('I16', 2);
const I32 = dtype('I32', 4);
const I64 = dtype('I64', 8);
const F16 = dtype('F16', 2);
const BF16 = dtype('BF16', 2);
const F32 = dtype('F32', 4);
const F64 = dtype('F64', 8);
const C64 = dtype('C64', 8);

/**
 * Dtypes by their attribute in the module `torch`. Why complex128, complex32 and sub-byte types are absent: the reference
 * library for torch neither writes nor reads them.
 */
const DTYPES: ReadonlyMap<string, Dtype> = new Map([
  ['bool', BOOL],
  ['uint8', U8],
  ['int8', I8],
  ['int16', I16],
  ['int32', I32],
  ['int64', I64],
  ['float16', F16],
  ['bfloat16', BF16],
  ['float32', F32],
  ['float64', F64],
  ['complex64', C64],
  ['uint16', dtype('U16', 2)],
  ['uint32', dtype('U32', 4)],
  ['uint64', dtype('U64', 8)],
  ['float8_e4m3fn', dtype('F8_E4M3', 1)],
  ['float8_e4m3fnuz', dtype('F8_E4M3FNUZ', 1)],
  ['float8_e5m2', dtype('F8_E5M2', 1)],
  ['float8_e5m2fnuz', dtype('F8_E5M2FNUZ', 1)],
  ['float8_e8m0fnu', dtype('F8_E8M0', 1)],
]);

/** Dtypes by the name of the typed storage class in the module `torch`. */
const STORAGES: ReadonlyMap<string, Dtype> = new Map([
  ['BoolStorage', BOOL],
  ['ByteStorage', U8],
  ['CharStorage', I8],
  ['ShortStorage', I16],
  ['IntStorage', I32],
  ['LongStorage', I64],
  ['HalfStorage', F16],
  ['BFloat16Storage', BF16],
  ['FloatStorage', F32],
  ['DoubleStorage', F64],
  ['ComplexFloatStorage', C64],
]);

/** The dtype behind `torch.<name>`; undefined for one that safetensors cannot hold. */
export function dtypeNamed(name: string): Dtype | undefined {
  return DTYPES.get(name);
}

/** The dtype of the elements in a `torch.<name>` storage; undefined for one that safetensors cannot hold. */
export function storageDtype(name: string): Dtype | undefined {
  return STORAGES.get(name);
}

/** What an untyped storage counts. */
export const BYTE: Dtype = U8;
