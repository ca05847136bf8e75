import type { Budget } from '../../core/budget.ts';
import type { Observation } from '../../core/finding.ts';
import { printable } from '../../core/printable.ts';
import type { TfNode, TfScope } from '../../formats/tensorflow/events.ts';
import { escapeOf } from '../../formats/path/escape.ts';
import { GraphMemory, type KeptNode } from './graph.ts';
import { judge } from './judge.ts';
import { DANGEROUS, isAddOnOperator } from './operators.ts';
import { attributeText, inputText } from './resolve.ts';
import type { TensorFlowRuleId } from './rules.ts';
import { isStockOperator } from './stock-operators.ts';

const MAX_UNKNOWN = 256;
const MAX_NAMED = 8;
/** Dangerous calls remembered for judging; a graph with more is judged by its first ones. */
const MAX_DANGEROUS = 10_000;

type Seen = Observation<TensorFlowRuleId>;

/** Judges the operators of all graphs of a file. Text is followed at the end, when all functions and their calls are known. */
export class GraphReview {
  readonly #memory: GraphMemory;
  readonly #dangerous: KeptNode[] = [];
  readonly #unknown = new Map<string, { scope: TfScope; offset: number }>();

  constructor(budget: Budget) {
    this.#memory = new GraphMemory(budget);
  }

  defineFunction(scope: TfScope, inputs: readonly string[]): void {
    this.#memory.defineFunction(scope, inputs);
  }

  *asset(tensor: string, filename: string, offset: number): Generator<Seen> {
    const escape = escapeOf(filename);
    if (escape === undefined) {
      this.#memory.addAsset(tensor);
      return;
    }
    const path = printable(filename).slice(0, 200);
    yield {
      rule: 'tensorflow.asset-path',
      key: path,
      message: `Asset "${path}" ${escape}.`,
      at: { offset },
      evidence: { path, tensor: printable(tensor).slice(0, 200) },
    };
  }

  node(scope: TfScope, node: TfNode): void {
    // TensorFlow refuses a node without an operator.
    if (node.op === '') return;
    const kept = this.#memory.add(scope, node);
    if (DANGEROUS.has(node.op)) {
      if (this.#dangerous.length < MAX_DANGEROUS) this.#dangerous.push(kept);
    } else if (!isStockOperator(node.op) && this.#unknown.size < MAX_UNKNOWN && !this.#unknown.has(node.op)) {
      this.#unknown.set(node.op, { scope, offset: node.offset });
    }
  }

  *finish(): Generator<Seen> {
    const seen = new Set<string>();
    for (const node of this.#dangerous) {
      for (const observation of this.#dangerousCall(node)) {
        // One finding for each operator and text: an unrolled loop repeats the same call many times.
        if (seen.has(observation.key)) continue;
        seen.add(observation.key);
        yield observation;
      }
    }
    yield* this.#customOperators();
  }

  *#dangerousCall(node: KeptNode): Generator<Seen> {
    const operator = DANGEROUS.get(node.op);
    if (operator === undefined) return;
    const { effect, inputs, attributes } = operator;
    const text = inputs === undefined ? attributeText(node, attributes ?? []) : inputText(this.#memory, node, inputs);
    const judgement = judge(effect, node.op, text);
    if (judgement === undefined) return;
    const values = effect === 'graph' ? [] : text.values.filter((value) => value !== '').map((value) => printable(value).slice(0, 200));
    const shown = values
      .slice(0, 3)
      .map((value) => `"${value}"`)
      .join(', ');
    const what = values.length > 0 ? `: ${shown}` : text.complete ? '' : ', which is decided at run time';
    const where = printable(node.scope.label).slice(0, 120);
    yield {
      rule: judgement.rule,
      severity: judgement.severity,
      key: [node.op, ...values.slice(0, 3)].join(' '),
      message: `${node.op} in ${where} ${judgement.does}${what}.`,
      at: { offset: node.offset },
      evidence: {
        operator: node.op,
        node: printable(node.name).slice(0, 200),
        where,
        ...(values.length > 0 ? { arguments: values.slice(0, 16) } : {}),
      },
    };
  }

  *#customOperators(): Generator<Seen> {
    const unknown = [...this.#unknown].filter(([name, { scope }]) => !this.#memory.isFunction(scope, name));
    const groups = { low: unknown.filter(([name]) => isAddOnOperator(name)), medium: unknown.filter(([name]) => !isAddOnOperator(name)) };
    for (const severity of ['low', 'medium'] as const) {
      const group = groups[severity];
      const names = group.map(([name]) => printable(name).slice(0, 80)).toSorted();
      if (names.length === 0) continue;
      const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
      yield {
        rule: 'tensorflow.custom-operator',
        severity,
        key: severity === 'low' ? 'add-on' : 'unknown',
        message: `The graph calls ${names.slice(0, MAX_NAMED).join(', ')}${more}, which ${severity === 'low' ? 'a widespread add-on library' : 'no stock TensorFlow'} has.`,
        at: { offset: group[0]?.[1].offset ?? 0 },
        evidence: { operators: names.slice(0, 64) },
      };
    }
  }
}
