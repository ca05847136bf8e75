import type { Json } from '../../core/artifact.ts';
import type { Observation } from '../../core/finding.ts';
import { severityRank } from '../../core/severity.ts';
import { MALICIOUS, sinkDoes, sinkSeverity } from '../../patterns/python-sinks/describe.ts';
import type { Sink, SinkKind } from '../../patterns/python-sinks/sink.ts';
import { RULE_OF_SINK } from './rules.ts';

/** What the uses of Python that no honest program has mean today, from the stored fact `python.sinks` alone. */
export function* judgeSinks(value: Json): Generator<Observation> {
  if (!Array.isArray(value)) return;
  for (const one of value) {
    const sink = sinkOf(one);
    if (sink === undefined || !MALICIOUS.has(sink.kind) || severityRank(sinkSeverity(sink)) < severityRank('medium')) continue;
    yield {
      rule: RULE_OF_SINK[sink.kind],
      severity: sinkSeverity(sink),
      key: sink.callee,
      message: `The file ${sinkDoes(sink)}.`,
      at: { line: sink.line },
      evidence: { callee: sink.callee, runs: sink.runsAt },
    };
  }
}

function sinkOf(value: Json): Sink | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  const { kind, callee, line, runsAt } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(RULE_OF_SINK, kind) || typeof callee !== 'string' || typeof line !== 'number')
    return undefined;
  return runsAt === 'import' || runsAt === 'main' || runsAt === 'call' ? { kind: kind as SinkKind, callee, line, runsAt } : undefined;
}
