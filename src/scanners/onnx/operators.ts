import type { Observation } from '../../core/finding.ts';
import { printable } from '../../core/printable.ts';
import type { OnnxNode } from '../../formats/onnx/events.ts';
import { badLocation } from './external.ts';
import { isPythonOperator, operatorStanding } from './known-operators.ts';
import type { OnnxRuleId } from './rules.ts';

/** More kinds of unknown operators than this are counted, not named. */
const MAX_KINDS = 256;
const MAX_NAMED = 8;

interface Use {
  readonly domain: string;
  readonly opType: string;
  readonly offset: number;
  readonly standing: 'add-on' | 'unknown';
}

/** Judges operator calls; what the model defines as a function is known only at its end. */
export class OperatorReview {
  readonly #uses = new Map<string, Use>();
  readonly #defined = new Set<string>();

  define(domain: string, name: string): void {
    this.#defined.add(`${domain}\0${name}`);
  }

  *node(node: OnnxNode): Generator<Observation<OnnxRuleId>> {
    const { domain, opType, offset } = node;
    if (isPythonOperator(opType)) {
      yield pythonCall(node);
      return;
    }
    if (opType === 'EPContext' && node.integers.get('embed_mode') === 0) yield* contextFile(node);
    const standing = operatorStanding(domain, opType);
    const key = `${domain}\0${opType}`;
    if (standing !== 'known' && !this.#uses.has(key) && this.#uses.size < MAX_KINDS) {
      this.#uses.set(key, { domain, opType, offset, standing });
    }
  }

  /** One observation for each domain with operators that are neither known nor defined in the model. */
  *finish(): Generator<Observation<OnnxRuleId>> {
    const unknown = [...this.#uses].filter(([key]) => !this.#defined.has(key)).map(([, use]) => use);
    const domains = groupByDomain(unknown);
    for (const [domain, uses] of domains) {
      const names = uses.map((use) => printable(use.opType).slice(0, 80)).toSorted();
      const where = domain === '' ? 'the default domain' : `the domain "${printable(domain).slice(0, 80)}"`;
      const listed = names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '');
      yield {
        rule: 'onnx.custom-operator',
        key: printable(domain),
        severity: uses.every((use) => use.standing === 'add-on') ? 'info' : 'medium',
        message: `The model calls ${listed} of ${where}, which it does not define.`,
        at: { offset: uses[0]?.offset ?? 0 },
        evidence: { domain: printable(domain), operators: names.slice(0, 32) },
      };
    }
  }
}

function groupByDomain(uses: readonly Use[]): Map<string, Use[]> {
  const groups = new Map<string, Use[]>();
  for (const use of uses) groups.set(use.domain, [...(groups.get(use.domain) ?? []), use]);
  return groups;
}

function pythonCall({ opType, domain, offset, strings }: OnnxNode): Observation<OnnxRuleId> {
  const callee = printable([strings.get('module'), strings.get('class_name') ?? strings.get('func_name')].filter(Boolean).join('.')).slice(
    0,
    200,
  );
  return {
    rule: 'onnx.python-operator',
    key: `${printable(opType)} ${callee}`.trim(),
    message: callee === '' ? `Operator ${opType} runs Python code.` : `Operator ${opType} runs the Python code ${callee}.`,
    at: { offset },
    evidence: { operator: opType, domain: printable(domain), ...(callee === '' ? {} : { callee }) },
  };
}

/** A compiled engine kept in a file beside the model: the runtime opens the path. */
function* contextFile({ strings, offset }: OnnxNode): Generator<Observation<OnnxRuleId>> {
  const path = strings.get('ep_cache_context') ?? '';
  const escape = badLocation(path);
  if (escape === undefined) return;
  const shown = printable(path).slice(0, 200);
  yield {
    rule: 'onnx.external-path',
    key: shown,
    message: `A compiled context is read from "${shown}", which ${escape}.`,
    at: { offset },
    evidence: { operator: 'EPContext', location: shown },
  };
}
