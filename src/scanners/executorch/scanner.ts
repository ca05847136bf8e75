import type { Observation } from '../../core/finding.ts';
import { fileScanner } from '../../core/plugin.ts';
import { printable } from '../../core/printable.ts';
import { readDelegates } from '../../formats/executorch/plan.ts';
import { ExecuTorchProgram, type Subsegment } from '../../formats/executorch/program.ts';
import { inspectPlan } from './plan.ts';
import { EXECUTORCH_RULES, type ExecuTorchRuleId } from './rules.ts';

type Seen = Observation<ExecuTorchRuleId>;

/** Reads ExecuTorch programs: every offset, size and number that the runtime follows. */
export const executorch = fileScanner({
  id: 'executorch',
  title: 'ExecuTorch programs',
  rules: EXECUTORCH_RULES,
  accepts: (subject) => subject.format === 'executorch',
  *inspect({ source }, context) {
    const program = new ExecuTorchProgram(source, context.budget);
    yield* layout(program, source.size);
    const methods: string[] = [];
    const backends = new Set<string>();
    for (const plan of program.plans()) {
      if (methods.length < 32) methods.push(printable(plan.string(0) ?? '').slice(0, 80));
      for (const { backend } of readDelegates(plan)) if (backends.size < 32) backends.add(printable(backend).slice(0, 80));
      yield* inspectPlan(program, plan);
    }
    context.fact('format.version', program.version);
    context.fact('executorch', { methods, backends: [...backends], segments: program.segments.length });
  },
});

/** Where the segments lie, and what leads into them. */
function* layout(program: ExecuTorchProgram, fileSize: number): Generator<Seen> {
  const { header, segments, constants, mutableData, namedData } = program;
  const bounds = (kind: string, text: string): Seen => ({ rule: 'executorch.bounds', key: kind, message: `${text}.` });
  if (header !== undefined && (header.programSize > fileSize || header.segmentBase > fileSize)) {
    yield bounds(
      'header',
      `The header puts ${Math.max(header.programSize, header.segmentBase)} bytes before the segments, the file has ${fileSize}`,
    );
  }
  const base = header?.segmentBase ?? fileSize;
  const outside = segments.findIndex(({ offset, size }) => offset + size > Math.max(0, fileSize - base));
  if (outside >= 0) yield bounds('segment', `Segment ${outside} lies outside of the file`);
  for (const [what, list] of [
    ['constants', constants === undefined ? [] : [constants]],
    ['mutable data', mutableData],
  ] as const) {
    const text = list.map((subsegment) => subsegmentProblem(program, subsegment)).find((problem) => problem !== undefined);
    if (text !== undefined) yield bounds(what, `The ${what} ${text}`);
  }
  const entry = namedData.find(({ segment }) => segment >= segments.length);
  if (entry !== undefined)
    yield bounds('named data', `Named data "${printable(entry.key).slice(0, 80)}" lies in segment ${entry.segment} of ${segments.length}`);
}

function subsegmentProblem({ segments }: ExecuTorchProgram, { segment, offsets }: Subsegment): string | undefined {
  if (offsets.length === 0) return undefined;
  const found = segments[segment];
  if (found === undefined) return `lie in segment ${segment} of ${segments.length}`;
  const outside = offsets.find((offset) => offset > found.size);
  return outside === undefined ? undefined : `begin at ${outside} of a segment of ${found.size} bytes`;
}
