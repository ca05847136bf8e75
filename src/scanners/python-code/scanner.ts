import { fileScanner } from '../../core/plugin.ts';
import { severityRank } from '../../core/severity.ts';
import type { FileSubject } from '../../core/subject.ts';
import { readAll } from '../../formats/bytes/read.ts';
import { analysePython } from '../../formats/python/analyse.ts';
import { keepsAscii } from '../../formats/python/encoding.ts';
import { STANDARD_LIBRARY } from '../../patterns/instantiate/standard-library.ts';
import { MALICIOUS, sinkDoes, sinkSeverity } from '../../patterns/python-sinks/describe.ts';
import { findSinks } from '../../patterns/python-sinks/find-sinks.ts';
import { torchscriptSinks } from '../../patterns/python-sinks/torchscript.ts';
import { PYTHON_CODE_RULES, RULE_OF_SINK } from './rules.ts';

/** Archives that a model loader opens and whose Python it runs; in any other archive Python is only Python. */
const MODEL_ARCHIVE = /\.(?:mar|pt|pth|pt2|pte|ptl|bin|ckpt|model|nemo|keras|skops|bentomodel|mlmodel|mlpackage|torchscript)$/i;
const MAX_FACTS = 100;

/**
 * Python inside model archives, whose code a loader runs: every dangerous use is reported. A Python file that stands alone
 * may be any program, so here only what no honest program does is reported; the rest becomes facts, from which
 * `remote-code` decides once it knows which files a loader runs.
 */
export const pythonCodeScanner = fileScanner({
  id: 'python-code',
  title: 'Python code shipped with models',
  rules: PYTHON_CODE_RULES,
  // Why the name decides: Python runs a file by its name, however its first bytes look; NUL bytes it refuses.
  accepts: (subject) => /\.pyw?$/i.test(subject.name) && subject.head.length > 0 && !subject.head.includes(0),
  *inspect(subject, context) {
    // Why 4: the token table is that many times the size of its source.
    context.budget.checkBuffer(subject.source.size * 4);
    const program = analysePython(readAll(subject.source, context.budget), context.budget);
    const inModel = isModelCode(subject);
    const torchscript = subject.members.some((member) => /(?:^|\/)code\/.*\.py$/.test(member)) ? torchscriptSinks(program.uses) : [];
    const sinks = [...findSinks(program), ...torchscript];
    if (program.cut) context.inconclusive('the file has more calls than are kept');
    for (const sink of sinks) {
      const severity = sinkSeverity(sink);
      if (severityRank(severity) < severityRank('medium') || !(inModel || MALICIOUS.has(sink.kind))) continue;
      yield {
        rule: RULE_OF_SINK[sink.kind],
        severity,
        key: sink.callee,
        message: `${subject.name} ${sinkDoes(sink)}.`,
        at: { line: sink.line },
        evidence: { callee: sink.callee, runs: sink.runsAt },
      };
    }
    if (!keepsAscii(program.encoding)) {
      yield {
        rule: 'python-code.encoding',
        key: program.encoding,
        message: `${subject.name} declares the source encoding "${program.encoding}".`,
        at: { line: 1 },
        evidence: { encoding: program.encoding },
      };
    }
    if (inModel) return;
    const imports = program.imports
      .filter(({ module, level }) => level > 0 || !STANDARD_LIBRARY.has(module.split('.')[0]!))
      .slice(0, MAX_FACTS)
      .map(({ module, level, names }) => ({ module, level, names: names.slice(0, 20) }));
    if (imports.length > 0) context.fact('python.imports', imports);
    const kept = sinks.slice(0, MAX_FACTS).map(({ kind, callee, line, runsAt }) => ({ kind, callee, line, runsAt }));
    if (kept.length > 0) context.fact('python.sinks', kept);
  },
});

function isModelCode(subject: FileSubject): boolean {
  if (subject.members.length === 0) return false;
  return (
    [subject.path, ...subject.members.slice(0, -1)].some((name) => MODEL_ARCHIVE.test(name)) ||
    /(?:^|\/)code\/__torch__/.test(subject.members.at(-1)!)
  );
}
