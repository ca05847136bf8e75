import type { Severity } from '../../core/severity.ts';
import type { Bill, Fields } from './bill.ts';
import type { SourcedFact } from './collect.ts';
import type { BomRuleId } from './rules.ts';
import { normalLicence } from './normal-licence.ts';
import { isSameInput } from './same-input.ts';
import { type MeasuredArtifact, measuredTensors } from './tensors.ts';

/** Two sources of a bill that cannot both be right. */
export interface Contradiction {
  readonly rule: BomRuleId;
  readonly severity: Severity;
  readonly message: string;
  /** File (or the name of the model) whose statement is doubted. */
  readonly source: string;
}

interface Sources extends Pick<Bill, 'name' | 'licences' | 'baseModels' | 'datasets'> {
  readonly artifacts: readonly MeasuredArtifact[];
  readonly facts: readonly SourcedFact[];
  readonly fields: Fields;
}

/** Everything in which the card, the configuration and the name disagree with the bytes, with a builder or with each other. */
export function findContradictions(sources: Sources): Contradiction[] {
  return [parameterCount(sources), dtype(sources), architecture(sources), licence(sources), baseModel(sources), dataset(sources)].flat();
}

/** Why so wide: names round, count embeddings or not, and say 7B for 6.7 to 8 billion. */
const PARAMETER_RATIO = 2;
/** `7B`, `1.5b`, `350M`; `8x7B` is a mixture of experts that shares some weights. */
const SIZE_IN_NAME = /(?:^|[^A-Za-z0-9.])(?:(\d{1,3})x)?(\d{1,4}(?:\.\d{1,3})?)([BM])(?=$|[^A-Za-z0-9])/i;

function parameterCount({ name, facts, fields }: Sources): Contradiction[] {
  const { parameters, dtypes } = fields;
  // Packed types hold several parameters in one element, so that elements say less than parameters.
  const isPacked = Object.keys(dtypes?.value ?? {}).some((type) => /^(?:U8|I8|I32|U32|int8|uint8|int32)$/i.test(type));
  // An adapter carries the name of the model it is for.
  const isAdapter = facts.some(({ path }) => folderAndName(path).name === 'adapter_config.json');
  if (parameters === undefined || isPacked || isAdapter) return [];
  const titles = facts
    .filter(({ fact }) => fact.name === 'model.title' && typeof fact.value === 'string')
    .map(({ fact, path }) => ({ text: String(fact.value), source: path }));
  return [{ text: name, source: name }, ...titles].flatMap(({ text, source }) => {
    const [, experts, size, unit] = SIZE_IN_NAME.exec(text) ?? [];
    if (size === undefined) return [];
    const claimed = Number(size) * Number(experts ?? 1) * (unit?.toUpperCase() === 'B' ? 1e9 : 1e6);
    const isFar = parameters.value * PARAMETER_RATIO < claimed || parameters.value > claimed * PARAMETER_RATIO;
    if (!isFar) return [];
    const message = `${JSON.stringify(text)} says ${claimed} parameters, the bytes hold ${parameters.value} (${parameters.source})`;
    return [{ rule: 'bom.parameter-count', severity: 'medium', message, source } as const];
  });
}

/** What configurations call the types that weights are stored in. */
const STORED_TYPES: Readonly<Record<string, readonly string[]>> = {
  bfloat16: ['BF16'],
  float16: ['F16'],
  half: ['F16'],
  float32: ['F32'],
  float: ['F32'],
  float64: ['F64'],
};

function dtype({ artifacts, facts }: Sources): Contradiction[] {
  return facts.flatMap(({ fact, path }) => {
    const stored =
      fact.name === 'model.dtype' && typeof fact.value === 'string' ? STORED_TYPES[fact.value.replace(/^torch\./, '')] : undefined;
    if (stored === undefined) return [];
    // A pipeline has models in folders, each with a configuration of its own.
    const { dtypes } = measuredTensors(artifacts.filter((artifact) => folderAndName(artifact.path).folder === folderAndName(path).folder));
    const measured = Object.entries(dtypes?.value ?? {}).sort(([, a], [, b]) => b - a)[0];
    if (measured === undefined || !/^(?:BF16|F16|F32|F64)$/.test(measured[0]) || stored.includes(measured[0])) return [];
    const message = `${path} says ${String(fact.value)}, most parameters are ${measured[0]} (${dtypes?.source})`;
    return [{ rule: 'bom.dtype', severity: 'low', message, source: path } as const];
  });
}

/** Short ids only (`llama`, `qwen2`): class names and families are spelt in too many ways to compare. */
function architecture({ facts }: Sources): Contradiction[] {
  const isId = (value: unknown): value is string => typeof value === 'string' && /^[a-z][a-z0-9_-]{1,40}$/.test(value);
  const said = facts.filter(({ fact }) => fact.name === 'model.type' || (fact.name === 'architecture' && fact.basis === 'declared'));
  const ids = said.flatMap(({ fact, path }) => (isId(fact.value) ? [{ id: fact.value.replaceAll(/[_-]/g, ''), path }] : []));
  return byFolder(ids).flatMap(([first, ...others]) => {
    const other = others.find(({ id }) => first !== undefined && !id.startsWith(first.id) && !first.id.startsWith(id));
    if (first === undefined || other === undefined) return [];
    const message = `${first.path} says the architecture is ${first.id}, ${other.path} says ${other.id}`;
    return [{ rule: 'bom.architecture', severity: 'medium', message, source: first.path } as const];
  });
}

function licence({ facts }: Sources): Contradiction[] {
  const said = facts.flatMap(({ fact, path }) => {
    if (fact.name !== 'licence') return [];
    const values = (Array.isArray(fact.value) ? fact.value : [fact.value]).filter(
      (value) => typeof value === 'string' && value.trim() !== '',
    );
    return values.length === 0 ? [] : [{ path, values: values.map((value) => normalLicence(String(value))) }];
  });
  return byFolder(said).flatMap(([first, ...others]) => {
    const other = others.find(({ values }) => first !== undefined && !values.some((value) => first.values.includes(value)));
    if (first === undefined || other === undefined) return [];
    const message = `${first.path} says the licence is ${first.values.join(', ')}, ${other.path} says ${other.values.join(', ')}`;
    return [{ rule: 'bom.licence', severity: 'medium', message, source: first.path } as const];
  });
}

function baseModel({ baseModels }: Sources): Contradiction[] {
  const attested = baseModels.filter(({ basis }) => basis === 'attested');
  const declared = baseModels.filter(({ basis }) => basis === 'declared');
  if (attested.length > 0)
    return declared
      .filter((item) => !attested.some((known) => isSameInput(item.value, known.value)))
      .map((item) => {
        const message = `${item.source} says it is based on ${item.value.name}, the builder says ${attested.map(({ value }) => value.name).join(', ')}`;
        return { rule: 'bom.base-model', severity: 'medium', message, source: item.source } as const;
      });
  const [first] = declared;
  const other = declared.find(({ source, value }) => first !== undefined && source !== first.source && !isSameInput(value, first.value));
  // A local folder is where somebody had the model, not another model.
  if (first === undefined || other === undefined || [first, other].some(({ value }) => /^[./~]|^[A-Z]:/.test(value.name))) return [];
  const message = `${first.source} says it is based on ${first.value.name}, ${other.source} says ${other.value.name}`;
  return [{ rule: 'bom.base-model', severity: 'low', message, source: first.source }];
}

function dataset({ datasets }: Sources): Contradiction[] {
  const declared = datasets.filter(({ basis }) => basis === 'declared');
  if (declared.length === 0) return [];
  return datasets.flatMap(({ basis, value }) => {
    if (basis !== 'attested' || declared.some((known) => isSameInput(known.value, value))) return [];
    const source = declared[0]?.source ?? '';
    return [
      {
        rule: 'bom.dataset',
        severity: 'low',
        message: `the builder trained on ${value.name}, which ${source} does not name`,
        source,
      } as const,
    ];
  });
}

/** Why: what lies in folders of one repository are often several models. */
function byFolder<Item extends { readonly path: string }>(items: readonly Item[]): readonly (readonly Item[])[] {
  const folders = new Map<string, Item[]>();
  for (const item of items) {
    const { folder } = folderAndName(item.path);
    folders.set(folder, [...(folders.get(folder) ?? []), item]);
  }
  return [...folders.values()];
}

function folderAndName(path: string): { readonly folder: string; readonly name: string } {
  const at = path.lastIndexOf('/') + 1;
  return { folder: path.slice(0, at), name: path.slice(at) };
}
