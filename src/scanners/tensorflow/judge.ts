import type { Severity } from '../../core/severity.ts';
import { escapeOf, isSensitive } from '../../formats/path/escape.ts';
import type { Effect } from './operators.ts';
import type { Resolved } from './resolve.ts';
import type { TensorFlowRuleId } from './rules.ts';

/** What an operator with its text amounts to. */
export interface Judgement {
  readonly rule: TensorFlowRuleId;
  readonly severity: Severity;
  readonly does: string;
}

/** Judges an operator by its effect and the text that reaches it; undefined where that is ordinary. */
export function judge(effect: Effect, op: string, text: Resolved): Judgement | undefined {
  const paths = text.values.filter((value) => value !== '');
  const outside = paths.some((path) => escapeOf(path) !== undefined);
  switch (effect) {
    case 'write':
      return { rule: 'tensorflow.file-write', severity: paths.length > 0 ? 'critical' : 'high', does: 'writes a file' };
    case 'save':
      return outside ? { rule: 'tensorflow.file-write', severity: 'high', does: 'saves variables to a fixed path' } : undefined;
    case 'cache':
      return outside ? { rule: 'tensorflow.file-write', severity: 'high', does: 'writes a dataset to a fixed path' } : undefined;
    case 'summary':
      return outside ? { rule: 'tensorflow.file-write', severity: 'medium', does: 'writes event files to a fixed path' } : undefined;
    case 'print':
      return paths.some((path) => path.startsWith('file:'))
        ? { rule: 'tensorflow.file-write', severity: 'critical', does: 'writes a file' }
        : undefined;
    case 'read':
    case 'lines':
    case 'records':
      return judgeRead(effect, op, text, paths, outside);
    case 'descriptor':
      return paths.some((path) => !path.startsWith('local://') && !path.startsWith('bytes://'))
        ? { rule: 'tensorflow.file-read', severity: 'medium', does: 'reads message types from a file' }
        : undefined;
    case 'debug':
      return judgeDebug(paths);
    case 'network':
      return { rule: 'tensorflow.network', severity: 'high', does: 'talks to another host' };
    case 'python':
      return { rule: 'tensorflow.python-call', severity: 'high', does: 'calls a Python function' };
    case 'graph':
      return { rule: 'tensorflow.hidden-graph', severity: 'medium', does: 'runs a graph that arrives as a string' };
    case 'native':
      return { rule: 'tensorflow.custom-operator', severity: 'medium', does: 'calls native code by name' };
    case 'control':
      return {
        rule: 'tensorflow.host-control',
        severity: 'high',
        does: op === 'Abort' ? 'ends the process' : 'changes the file systems of the process',
      };
    default:
      return undefined;
  }
}

function judgeRead(effect: Effect, op: string, text: Resolved, paths: readonly string[], outside: boolean): Judgement | undefined {
  const found = (severity: Severity): Judgement => {
    const does = op.startsWith('MatchingFiles') || op === 'ExperimentalMatchingFilesDataset' ? 'lists files' : 'reads a file';
    return { rule: 'tensorflow.file-read', severity, does };
  };
  if (text.asset) return undefined;
  if (paths.some(isSensitive)) return found(effect === 'records' ? 'medium' : 'high');
  if (outside) return effect === 'read' ? found('high') : found(effect === 'lines' ? 'medium' : 'low');
  // A file name that the caller supplies, or one beside the model, is how image models take their input.
  if (effect === 'read') return found('medium');
  return undefined;
}

/** Debug operators send tensors to files or hosts; `memcbk` and an empty list stay in the process. */
function judgeDebug(urls: readonly string[]): Judgement | undefined {
  if (urls.some((url) => url.includes('file://')))
    return { rule: 'tensorflow.file-write', severity: 'critical', does: 'writes tensors to files' };
  if (urls.some((url) => url.includes('grpc://'))) return { rule: 'tensorflow.network', severity: 'high', does: 'sends tensors to a host' };
  return undefined;
}
