import type { Json } from '../../core/artifact.ts';
import type { Finding } from '../../core/finding.ts';
import type { Contradiction } from './contradictions.ts';

/**
 * How something is known, best first: measured from the bytes by Cordon, said by a signer who is trusted, said by the artifact of
 * itself (or by whoever asked for the bill).
 */
export const BASES = ['measured', 'attested', 'declared'] as const;
export type Basis = (typeof BASES)[number];

/** A value with how it is known and from where: a file of the model, or a signer. */
export interface Known<Value> {
  readonly value: Value;
  readonly basis: Basis;
  readonly source: string;
}

/** Another artifact that this one was made from. */
export interface Input {
  readonly name: string;
  readonly uri?: string;
  /** SHA-256; absent when it is only named. */
  readonly sha256?: string;
}

/** A file of the model. */
export interface BilledFile {
  readonly path: string;
  readonly sha256: string | null;
  readonly size: number | null;
  readonly format: string;
}

/** Single values of a bill, by name; {@link Bill.fields}. */
export interface Fields {
  readonly architectureFamily?: Known<string>;
  readonly architecture?: Known<string>;
  readonly task?: Known<string>;
  readonly library?: Known<string>;
  readonly author?: Known<string>;
  readonly parameters?: Known<number>;
  readonly tensors?: Known<number>;
  readonly bytes?: Known<number>;
  readonly dtypes?: Known<Readonly<Record<string, number>>>;
  readonly hyperparameters?: Known<Readonly<Record<string, Json>>>;
  readonly metrics?: Known<Readonly<Record<string, Json>>>;
  readonly environment?: Known<Readonly<Record<string, Json>>>;
  readonly trainedAt?: Known<string>;
  readonly builder?: Known<string>;
}

/** Everything a bill of materials says, whatever format it is written in. */
export interface Bill {
  readonly name: string;
  readonly version?: string;
  readonly supplier?: string;
  readonly downloadLocation?: string;
  /** OMS root digest: what attestations and signatures name the model by. */
  readonly rootDigest: string;
  readonly files: readonly BilledFile[];
  readonly fields: Fields;
  readonly licences: readonly Known<string>[];
  readonly languages: readonly Known<string>[];
  readonly baseModels: readonly Known<Input>[];
  readonly datasets: readonly Known<Input>[];
  /** Container images, lock files, code. */
  readonly tools: readonly (Known<Input> & { readonly role: string })[];
  readonly contradictions: readonly Contradiction[];
  /** Findings that stand for published vulnerabilities. */
  readonly vulnerabilities: readonly Vulnerability[];
  readonly verdict: string;
  readonly completeness: string;
  readonly tool: { readonly version: string; readonly rules: string };
}

/** A published vulnerability that a finding in this model exploits or shows. */
export interface Vulnerability {
  readonly id: string;
  readonly findings: readonly Finding[];
}
