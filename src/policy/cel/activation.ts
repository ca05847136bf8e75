import type { Json } from '../../core/artifact.ts';
import type { ArtifactInput, ContextInput, FactsInput, FindingInput, PolicyInput } from '../input-document.ts';

/** A value CEL computes with: integers are bigint, objects are maps. */
export type CelValue = string | number | bigint | boolean | null | readonly CelValue[] | ReadonlyMap<string, CelValue>;

/** The input document as CEL values, by variable name. */
export type Activation = Readonly<Record<'findings' | 'artifacts' | 'completeness' | 'context', unknown>>;

/** Makes the values of the variables `findings`, `artifacts`, `completeness` and `context`. */
export function activation(input: PolicyInput): Activation {
  return {
    findings: input.findings.map((finding) => new FindingValue(finding)),
    artifacts: input.artifacts.map((artifact) => new ArtifactValue(artifact)),
    completeness: input.completeness,
    context: new ContextValue(input.context),
  };
}

/**
 * A finding as a CEL value. Why a class: the CEL library tells types apart by constructor, and only so does it know the
 * fields when it checks a condition. Why assignments one by one: copying the record is ten times slower.
 */
export class FindingValue {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly rank: bigint;
  readonly path: string;
  readonly member: string;
  readonly key: string;
  readonly message: string;
  readonly fingerprint: string;
  readonly suppressed: boolean;
  readonly unread: boolean;
  readonly baseline: string;
  readonly maps: readonly string[];
  readonly format: string;
  readonly sha256: string;
  readonly #evidence: FindingInput['evidence'];
  #evidenceMap: ReadonlyMap<string, CelValue> | undefined;

  constructor(input: FindingInput) {
    this.id = input.id;
    this.rule = input.rule;
    this.severity = input.severity;
    this.rank = BigInt(input.rank);
    this.path = input.path;
    this.member = input.member;
    this.key = input.key;
    this.message = input.message;
    this.fingerprint = input.fingerprint;
    this.suppressed = input.suppressed;
    this.unread = input.unread;
    this.baseline = input.baseline;
    this.maps = input.maps;
    this.format = input.format;
    this.sha256 = input.sha256;
    this.#evidence = input.evidence;
  }

  get evidence(): ReadonlyMap<string, CelValue> {
    return (this.#evidenceMap ??= celMap(this.#evidence));
  }
}

/** An artifact as a CEL value. */
export class ArtifactValue {
  readonly path: string;
  readonly sha256: string;
  readonly size: bigint;
  readonly format: string;
  readonly verdict: string;
  readonly completeness: string;
  readonly reasons: readonly string[];
  readonly #facts: { readonly measured: FactsInput; readonly declared: FactsInput };
  #measured: ReadonlyMap<string, CelValue> | undefined;
  #declared: ReadonlyMap<string, CelValue> | undefined;

  constructor(input: ArtifactInput) {
    this.path = input.path;
    this.sha256 = input.sha256;
    this.size = BigInt(input.size);
    this.format = input.format;
    this.verdict = input.verdict;
    this.completeness = input.completeness;
    this.reasons = input.reasons;
    this.#facts = input;
  }

  get measured(): ReadonlyMap<string, CelValue> {
    return (this.#measured ??= celMap(this.#facts.measured));
  }

  get declared(): ReadonlyMap<string, CelValue> {
    return (this.#declared ??= celMap(this.#facts.declared));
  }
}

/** What surrounds the scan, as a CEL value. */
export class ContextValue {
  readonly gate: string;
  readonly today: string;
  readonly baseline: BaselineValue;
  readonly waivers: WaiversValue;

  constructor(input: ContextInput) {
    this.gate = input.gate;
    this.today = input.today;
    this.baseline = new BaselineValue(input.baseline);
    this.waivers = new WaiversValue(input.waivers);
  }
}

/** Counts of the comparison with a baseline, as a CEL value. */
export class BaselineValue {
  readonly compared: boolean;
  readonly new: bigint;
  readonly unchanged: bigint;
  readonly fixed: bigint;

  constructor(input: ContextInput['baseline']) {
    this.compared = input.compared;
    this.new = BigInt(input.new);
    this.unchanged = BigInt(input.unchanged);
    this.fixed = BigInt(input.fixed);
  }
}

/** Counts of waivers by status, as a CEL value. */
export class WaiversValue {
  readonly active: bigint;
  readonly nearExpiry: bigint;
  readonly expired: bigint;
  readonly unmatched: bigint;
  readonly refused: bigint;

  constructor(input: ContextInput['waivers']) {
    this.active = BigInt(input.active);
    this.nearExpiry = BigInt(input.nearExpiry);
    this.expired = BigInt(input.expired);
    this.unmatched = BigInt(input.unmatched);
    this.refused = BigInt(input.refused);
  }
}

/** Why a Map: facts carry keys chosen by an artifact, and `constructor` or `__proto__` must be keys like any other. */
function celMap(record: Readonly<Record<string, Json>>): ReadonlyMap<string, CelValue> {
  return new Map(Object.entries(record).map(([key, value]) => [key, celValue(value)]));
}

function celValue(value: Json): CelValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(celValue);
  return celMap(value as Readonly<Record<string, Json>>);
}
