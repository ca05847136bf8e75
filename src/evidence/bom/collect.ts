import type { Fact, Json } from '../../core/artifact.ts';
import type { Report } from '../../core/report.ts';
import type { VerifiedAttestation } from '../attestations/verify-attestation.ts';
import type { Manifest } from '../oms/manifest.ts';
import type { Bill, Fields, Known } from './bill.ts';
import { attestedParts } from './attested.ts';
import { type Contradiction, findContradictions } from './contradictions.ts';
import { withoutRepeats } from './same-input.ts';
import { type MeasuredArtifact, measuredTensors } from './tensors.ts';
import { vulnerabilitiesOf } from './vulnerabilities.ts';

/** What a bill is made from. */
export interface BillSources {
  readonly manifest: Manifest;
  readonly report: Report;
  /** Verified against this very model. */
  readonly attestations?: readonly VerifiedAttestation[];
  readonly name?: string;
  readonly version?: string;
  readonly supplier?: string;
  readonly downloadLocation?: string;
}

/** A fact and the file it is from. */
export interface SourcedFact {
  readonly fact: Fact;
  readonly path: string;
}

/** Why: a card of thousands of languages or licences is a flood, not a description. */
const MAX_VALUES = 200;

/** What contradictions are looked for in: stored facts are enough. */
export interface DescribedArtifacts {
  readonly name: string;
  readonly artifacts: readonly MeasuredArtifact[];
  /** Verified against this very model. */
  readonly attestations?: readonly VerifiedAttestation[];
}

/** In what card, configuration and name disagree with the bytes, with a trusted builder or with each other. Reads no bytes. */
export function contradictionsIn(described: DescribedArtifacts): Contradiction[] {
  return findContradictions(describe(described));
}

function describe({ name, artifacts, attestations = [] }: DescribedArtifacts) {
  const facts = artifacts.flatMap(({ path, facts: own }) => own.map((fact) => ({ fact, path })));
  const attested = attestedParts(attestations);
  const declared = (fact: string) => listed(facts, fact);
  const fields: Fields = { ...declaredFields(facts), ...measuredTensors(artifacts), ...attested.fields };
  return {
    name,
    artifacts,
    facts,
    fields,
    tools: attested.tools,
    licences: declared('licence'),
    languages: declared('languages'),
    baseModels: [...attested.baseModels, ...declared('model.base').map(asInput)],
    datasets: [...attested.datasets, ...declared('datasets').map(asInput)],
  };
}

/** Brings together what is measured, attested and declared; each value keeps its basis, and what contradicts is listed. */
export function collectBill({ manifest, report, attestations = [], ...given }: BillSources): Bill {
  const name = given.name ?? manifest.name;
  const described = describe({ name, artifacts: report.artifacts, attestations });
  const { fields, licences, languages, baseModels, datasets, tools } = described;
  return {
    name,
    ...(given.version !== undefined && { version: given.version }),
    ...(given.supplier !== undefined && { supplier: given.supplier }),
    ...(given.downloadLocation !== undefined && { downloadLocation: given.downloadLocation }),
    rootDigest: manifest.rootDigest,
    files: report.artifacts.map(({ path, sha256, size, format }) => ({ path, sha256, size, format })),
    fields,
    licences,
    languages,
    baseModels: withoutRepeats(baseModels),
    datasets: withoutRepeats(datasets),
    tools,
    contradictions: findContradictions(described),
    vulnerabilities: vulnerabilitiesOf(report.findings),
    verdict: report.verdict,
    completeness: report.completeness,
    tool: report.tool,
  };
}

function asInput({ value, ...known }: Known<string>): Known<{ name: string }> {
  return { ...known, value: { name: value } };
}

/** All values of a fact, each once; the first file that says it is its source. */
function listed(facts: readonly SourcedFact[], name: string): Known<string>[] {
  const values = new Map<string, Known<string>>();
  for (const { fact, path } of facts) {
    if (fact.name !== name) continue;
    for (const value of Array.isArray(fact.value) ? (fact.value as readonly Json[]) : [fact.value]) {
      if (typeof value !== 'string' || value.trim() === '' || values.has(value.trim()) || values.size >= MAX_VALUES) continue;
      values.set(value.trim(), { value: value.trim(), basis: fact.basis, source: path });
    }
  }
  return [...values.values()];
}

/** Single values a model says of itself: which facts they come from, best first. */
const DECLARED = {
  architectureFamily: ['model.type', 'architecture'],
  architecture: ['architecture', 'architecture.name'],
  task: ['model.task', 'task'],
  library: ['model.library'],
  author: ['model.author'],
} as const;

function declaredFields(facts: readonly SourcedFact[]): Fields {
  const fields: Record<string, Known<string>> = {};
  for (const [field, names] of Object.entries(DECLARED)) {
    const found = names.flatMap((name) => listed(facts, name))[0];
    if (found !== undefined) fields[field] = found;
  }
  return fields;
}
