import type { Observation } from '../../core/finding.ts';
import { fileScanner } from '../../core/plugin.ts';
import type { FileSubject } from '../../core/subject.ts';
import { readAll } from '../../formats/bytes/read.ts';
import { parseJson } from '../../formats/json/parse.ts';
import { classifyTarget } from '../../patterns/instantiate/classify.ts';
import { fieldsOf, type SkopsNode, skopsNodes } from './nodes.ts';
import { SKOPS_RULES } from './rules.ts';

type SkopsObservation = Observation<(typeof SKOPS_RULES)[number]['id']>;

/** Every loader of skops 0.1 to 0.16. */
const LOADERS = new Set(
  `BytearrayNode BytesNode CachedNode ConstructorFromReduceNode DTypeNode DefaultDictNode DictNode FunctionNode JsonNode ListNode LossNode
  MaskedArrayNode MethodNode NdArrayNode ObjectNode OperatorFuncNode PartialNode QuantileForestNode RandomGeneratorNode RandomStateNode ReduceNode SGDNode
  SetNode SliceNode SparseMatrixNode TreeNode TupleNode TypeNode UfuncNode _DictWithDeprecatedKeysNode`
    .trim()
    .split(/\s+/),
);

/** Types a skops model names, and the node kinds that have been ways around its trust check. */
export const skopsScanner = fileScanner({
  id: 'skops',
  title: 'skops models',
  rules: SKOPS_RULES,
  accepts: (subject) =>
    isSchema(subject) || (/\.skops$/i.test(subject.name) && subject.format !== 'zip' && subject.format !== 'lfs-pointer'),
  *inspect(subject, context) {
    if (!isSchema(subject)) {
      yield {
        rule: 'skops.not-an-archive',
        key: subject.format,
        message: `${subject.name} is ${subject.format}, not a skops archive.`,
        evidence: { format: subject.format },
      };
      return;
    }
    const schema = parseJson(readAll(subject.source, context.budget), { nonFinite: true, depth: 4096 }).value;
    const root = fieldsOf(schema);
    if (root === undefined || typeof root['__loader__'] !== 'string') return;
    context.fact('architecture', String(root['__class__']).slice(0, 200));
    const version = root['_skops_version'];
    if (typeof version === 'string') context.fact('format.version', `skops ${version.slice(0, 20)}`, 'declared');
    const seen = new Set<string>();
    for (const node of skopsNodes(schema)) {
      context.budget.charge('steps');
      const observation = observe(node);
      if (observation === undefined || seen.has(`${observation.rule} ${observation.key}`)) continue;
      seen.add(`${observation.rule} ${observation.key}`);
      yield observation;
    }
  },
});

function isSchema(subject: FileSubject): boolean {
  return subject.name === 'schema.json' && subject.members.length > 0 && subject.format === 'json';
}

function observe(node: SkopsNode): SkopsObservation | undefined {
  const { type, loader } = node;
  const evidence = { type, loader };
  if (loader === 'MethodNode') return methodNode(node);
  if (loader === 'OperatorFuncNode') {
    if (type === 'operator.itemgetter' || type === 'operator.attrgetter') return undefined;
    return { rule: 'skops.operator-node', key: type, message: `An OperatorFuncNode declares ${type}.`, evidence };
  }
  const kind = classifyTarget(type);
  if (kind === 'dangerous') return { rule: 'skops.dangerous-type', key: type, message: `A ${loader} names ${type}.`, evidence };
  if (!LOADERS.has(loader)) return { rule: 'skops.unknown-node', key: loader, message: `The node kind ${loader} is unknown.`, evidence };
  if (kind === 'unknown') return { rule: 'skops.unknown-type', key: type, message: `A ${loader} names ${type}.`, evidence };
  return undefined;
}

/** A method fetched from an object: harmless only when the object is of the declared type and the method is a public one. */
function methodNode({ type, content }: SkopsNode): SkopsObservation {
  const fields = fieldsOf(content);
  const owner = fieldsOf(fields?.['obj']);
  const method = typeof fields?.['func'] === 'string' ? fields['func'] : '?';
  const actual = `${String(owner?.['__module__'])}.${String(owner?.['__class__'])}`;
  const suspect = actual !== type || !/^[a-zA-Z]\w*$/.test(method);
  return {
    rule: 'skops.method-node',
    ...(suspect && { severity: 'high' as const }),
    key: `${actual}.${method}`,
    message: `A MethodNode declares ${type} and fetches ${method} from ${actual}.`,
    evidence: { declared: type, object: actual, method },
  };
}
