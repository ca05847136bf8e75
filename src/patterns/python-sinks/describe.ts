import type { Severity } from '../../core/severity.ts';
import type { Sink, SinkKind } from './sink.ts';

const DOES: Readonly<Record<SinkKind, string>> = {
  'decoded-code': 'decodes data and executes it',
  'downloaded-code': 'downloads code and executes it',
  'reverse-shell': 'opens a shell to another machine',
  exfiltration: 'sends the environment or the identity of the machine away',
  process: 'starts a process',
  'package-install': 'installs packages',
  'dynamic-code': 'executes code made at run time',
  'computed-name': 'reaches a callable whose name is computed',
  'unsafe-load': 'loads a serialized object that can execute code',
  'native-code': 'loads or compiles native code',
  network: 'opens a network connection',
  'deletes-files': 'deletes files',
  'sensitive-path': 'touches a file that holds credentials or starts programs',
  'torchscript-file': 'reads or writes files from inside the model',
};

const SEVERITY: Readonly<Record<SinkKind, Severity>> = {
  'decoded-code': 'critical',
  'downloaded-code': 'critical',
  'reverse-shell': 'critical',
  exfiltration: 'critical',
  process: 'high',
  'package-install': 'high',
  'dynamic-code': 'high',
  'computed-name': 'high',
  'unsafe-load': 'medium',
  'native-code': 'medium',
  network: 'info',
  'deletes-files': 'info',
  'sensitive-path': 'high',
  'torchscript-file': 'high',
};

/** Ways to run code that a file beside the program provides: ordinary in plug-in loaders, so a matter of review. */
const REVIEW = new Set([
  'importlib.util.spec_from_file_location',
  'importlib.util.spec_from_loader',
  'importlib.machinery.SourceFileLoader',
  'torch.hub.load',
  'builtins.compile',
  'builtins.__import__',
  'timeit.timeit',
]);

/** Kinds that no honest program has, whatever it is for. */
export const MALICIOUS: ReadonlySet<SinkKind> = new Set(['decoded-code', 'downloaded-code', 'reverse-shell', 'exfiltration']);

/**
 * How bad a sink is in code that a model loader executes. Fetching an image or deleting a temporary file inside a method is
 * ordinary for a model; doing it while the file is being imported is not.
 */
export function sinkSeverity(sink: Sink): Severity {
  if ((sink.kind === 'network' || sink.kind === 'deletes-files') && sink.runsAt === 'import') return 'high';
  if (sink.callee === 'shutil.rmtree') return 'medium';
  if (REVIEW.has(sink.callee)) return 'medium';
  return SEVERITY[sink.kind];
}

/** What a sink does, in words that follow the name of a file. */
export function sinkDoes(sink: Sink): string {
  const when = sink.runsAt === 'import' ? ' when it is imported' : sink.runsAt === 'main' ? ' when it is run as a program' : '';
  return `${DOES[sink.kind]}${when} (${sink.callee})`;
}
