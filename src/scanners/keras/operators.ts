import type { Json } from '../../core/artifact.ts';
import { isObject } from './walk.ts';

/** TensorFlow operators and functions that reach out of the graph: files, Python, processes, networks. */
const REACHES_OUT =
  /(?:^|[._\W])(?:[A-Za-z]*ReadFile|WriteFile|MatchingFiles|[A-Za-z]*PyFunc\w*|py_func(?:tion)?|numpy_function|DebugIdentity\w*|DebugNumericSummary\w*|PrintV2|Save\w*|Restore\w*|DistributedSave|DatasetFromGraph|Dataset\w*ToGraph\w*|ShutdownTPUSystem|Rpc\w*|CollectiveGather\w*|read_file|write_file|matching_files|load_library|load_op_library|saved_model|gfile|raw_ops)(?:$|[._\W])/;

/** Modules of TensorFlow that compute on tensors; a `TFOpLambda` layer names a function in one of them. */
const COMPUTES =
  /^(?:tf\.)?(?:compat\.v[12]\.)?(?:math|nn|linalg|image|signal|strings|__operators__|keras\.(?:backend|activations|layers|losses|ops)|random|sparse|ragged|bitwise|dtypes|quantization|sets|sort|experimental\.numpy|audio|nest|debugging|autodiff|initializers)\.[\w.]+$|^(?:tf\.)?(?:compat\.v[12]\.)?[a-z]\w*$/;

/** What a layer that wraps TensorFlow operators wraps; undefined when it only computes. */
export function reachingOperator(className: string, config: Json | undefined): string | undefined {
  if (!isObject(config)) return undefined;
  if (className === 'TensorFlowOpLayer') {
    const { node_def: node } = config;
    const text = typeof node === 'string' ? node : JSON.stringify(node ?? '');
    return REACHES_OUT.exec(text)?.[0].replaceAll(/[^A-Za-z0-9_]/g, '');
  }
  if (!/^(?:TFOpLambda|SlicingOpLambda|ClassMethod|InstanceMethod|InstanceProperty)$/.test(className)) return undefined;
  const name = config['function'] ?? config['cls_symbol'];
  if (typeof name !== 'string') return undefined;
  if (REACHES_OUT.test(name)) return name;
  return COMPUTES.test(name) || className !== 'TFOpLambda' ? undefined : name;
}
