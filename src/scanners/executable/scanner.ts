import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { FileSubject } from '../../core/subject.ts';
import { hasBytes, utf8 } from '../../formats/bytes/read.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { type ExecutableKind, recogniseExecutable } from '../../formats/executable/recognise.ts';
import { findEmbeddedGguf } from './embedded-gguf.ts';
import { EXECUTABLE_RULES } from './rules.ts';
import { downloadAndRun, isShellScript } from './script.ts';

type ExecutableRuleId = (typeof EXECUTABLE_RULES)[number]['id'];

const TITLES: Readonly<Record<ExecutableKind, string>> = {
  elf: 'an ELF program or shared library (Linux)',
  pe: 'a Windows program or DLL',
  dos: 'a DOS program',
  'mach-o': 'a Mach-O program or library (macOS)',
  ape: 'a program for several operating systems (Actually Portable Executable)',
  'java-class': 'compiled Java code',
  dex: 'compiled Android code',
  wasm: 'a WebAssembly module',
  shortcut: 'a Windows shortcut',
  installer: 'an operating system package that runs scripts when installed',
  'static-library': 'a library of compiled code',
  'python-bytecode': 'compiled Python code',
  'script-with-payload': 'a script with a binary payload',
};

const SCRIPT_BYTES = 1 << 20;

/** Programs have no place among weights: native code, model-programs, shortcuts, self-extracting scripts. */
export const executableScanner = fileScanner({
  id: 'executable',
  title: 'Programs among model files',
  rules: EXECUTABLE_RULES,
  accepts: (subject) => subject.format === 'executable' || isShellScript(subject),
  *inspect(subject, context) {
    if (subject.format === 'executable') yield* program(subject, context);
    else yield* script(subject);
  },
});

function* program(subject: FileSubject, context: ScanContext): Iterable<Observation<ExecutableRuleId>> {
  const { head, source, name } = subject;
  const kind = recogniseExecutable(head, source);
  if (kind === undefined) return;
  context.fact('executable', kind);
  const message = `This is ${TITLES[kind]}.`;
  if (kind === 'shortcut') yield { rule: 'executable.shortcut', key: kind, message };
  else if (kind === 'script-with-payload') yield { rule: 'executable.self-extracting', key: kind, message };
  else if (kind === 'python-bytecode') yield { rule: 'executable.python-bytecode', key: kind, message };
  else if (kind === 'wasm') {
    // Why low: a WebAssembly module has no rights of its own, and web runtimes are published beside models for browsers.
    yield { rule: 'executable.native-code', key: kind, message, ...(/\.wasm$/i.test(name) ? { severity: 'low' } : {}) };
  } else yield nativeCode(subject, context, kind, message);
}

function nativeCode({ source }: FileSubject, context: ScanContext, kind: ExecutableKind, message: string): Observation<ExecutableRuleId> {
  const carriesModels = kind === 'ape' || kind === 'elf' || kind === 'pe' || kind === 'mach-o';
  const gguf = carriesModels ? findEmbeddedGguf(source, context.budget) : undefined;
  if (gguf === undefined) return { rule: 'executable.native-code', key: kind, message };
  // Why: with a zip directory at the end, the engine reads the archive and descends into the same bytes as a member.
  if (!hasBytes(source.read(Math.max(0, source.size - 22), 22), 'PK\x05\x06')) {
    context.descend({ name: '<gguf>', source: sliceSource(source, gguf, source.size - gguf) });
  }
  return { rule: 'executable.llamafile', key: kind, message: `${message.slice(0, -1)} with a GGUF model inside.`, at: { offset: gguf } };
}

function* script({ source }: FileSubject): Iterable<Observation<ExecutableRuleId>> {
  const risky = downloadAndRun(utf8(source.read(0, SCRIPT_BYTES)));
  if (risky) {
    yield {
      rule: 'executable.download-and-run',
      key: risky.excerpt.slice(0, 40),
      message: `The script runs what it fetches or decodes: ${risky.excerpt}`,
      at: { line: risky.line },
    };
  }
  yield { rule: 'executable.script', key: 'script', message: 'A shell script: nothing runs it by itself.' };
}
