import { CordonError, errorMessage } from '../../../core/errors.ts';

/** A loaded ONNX model: rows of token ids in, one row of outputs for each. */
export interface ModelSession {
  /** The package that runs it. */
  readonly runtime: string;
  run(rows: readonly (readonly number[])[]): Promise<readonly Float32Array[]>;
}

/** What Cordon uses of onnxruntime-common, which both packages share. */
interface Runtime {
  readonly env: { readonly wasm?: { numThreads?: number; proxy?: boolean }; logLevel?: string };
  readonly InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => object;
}

interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, object>>): Promise<Readonly<Record<string, OutputTensor>>>;
}

interface OutputTensor {
  readonly type: string;
  readonly data: ArrayLike<number>;
  readonly dims: readonly number[];
}

/** Native first; WebAssembly where that is not installed. */
const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web'] as const;
const FEEDS: ReadonlySet<string> = new Set(['input_ids', 'attention_mask', 'token_type_ids']);

/** Loads a model with the first runtime that is installed. Says what to install where none is. */
export async function openSession(bytes: Uint8Array): Promise<ModelSession> {
  const { name, runtime } = await findRuntime();
  let session: Session;
  try {
    session = await runtime.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
  } catch (error) {
    throw new CordonError('config.invalid', `${name} cannot load the model: ${errorMessage(error).slice(0, 300)}`, { cause: error });
  }
  const unknown = session.inputNames.find((input) => !FEEDS.has(input));
  if (unknown !== undefined || !session.inputNames.includes('input_ids')) {
    throw new CordonError('config.invalid', `the model wants the input ${unknown ?? 'input_ids'}, which no text classifier has`);
  }
  const output = session.outputNames.includes('logits') ? 'logits' : session.outputNames[0]!;
  return { runtime: name, run: (rows) => run(runtime, session, output, rows) };
}

async function run(
  { Tensor }: Runtime,
  session: Session,
  output: string,
  rows: readonly (readonly number[])[],
): Promise<readonly Float32Array[]> {
  const length = Math.max(...rows.map((row) => row.length));
  const ids = new BigInt64Array(rows.length * length);
  const mask = new BigInt64Array(rows.length * length);
  for (const [n, row] of rows.entries()) {
    for (const [at, id] of row.entries()) ids[n * length + at] = BigInt(id);
    mask.fill(1n, n * length, n * length + row.length);
  }
  const given: Record<string, BigInt64Array> = { input_ids: ids, attention_mask: mask, token_type_ids: new BigInt64Array(ids.length) };
  const feeds = Object.fromEntries(session.inputNames.map((name) => [name, new Tensor('int64', given[name]!, [rows.length, length])]));
  const { type, data, dims } = (await session.run(feeds))[output]!;
  const width = dims[1] ?? 0;
  if (type !== 'float32' || dims.length !== 2 || dims[0] !== rows.length || width < 1) {
    throw new CordonError('config.invalid', `the output ${output} of the model is no row of numbers for each text`);
  }
  return rows.map((_, n) => {
    const own = Float32Array.from({ length: width }, (_unused, at) => data[n * width + at]!);
    if (own.some((value) => !Number.isFinite(value))) throw new CordonError('config.invalid', 'the model gave no number');
    return own;
  });
}

async function findRuntime(): Promise<{ readonly name: string; readonly runtime: Runtime }> {
  const reasons: string[] = [];
  for (const name of RUNTIMES) {
    try {
      // Why a variable: the build must leave this to whoever installed it.
      const specifier: string = name;
      const loaded = (await import(specifier)) as Runtime & { readonly default?: Runtime };
      const runtime = loaded.InferenceSession === undefined ? loaded.default : loaded;
      if (runtime === undefined) continue;
      // Why one thread: the guard shares its machine with the application, and more threads gain little on short windows.
      if (runtime.env.wasm !== undefined) runtime.env.wasm.numThreads = 1;
      return { name, runtime };
    } catch (error) {
      reasons.push(`${name}: ${errorMessage(error).split('\n', 1)[0] ?? ''}`);
    }
  }
  throw new CordonError(
    'config.invalid',
    `a model of the guard needs a runtime: npm install onnxruntime-node (or onnxruntime-web where there are no native binaries). ${reasons.join('; ')}`,
  );
}
