import { createHash } from 'node:crypto';

/** What a finding is, without where exactly in the bytes: no digest, line or offset. */
export interface Identity {
  readonly path: string;
  readonly members: readonly string[];
  readonly rule: string;
  /** Semantic key, for example a callee. */
  readonly key: string;
}

/** Identity that survives re-training and editing: path, member, rule, key. */
export function fingerprint({ path, members, rule, key }: Identity): string {
  return digest([path, ...members.map(normalisedMember)], rule, key);
}

/** Identity that survives renaming: content digest, member, rule, key. */
export function contentFingerprint({ sha256, members, rule, key }: Omit<Identity, 'path'> & { readonly sha256: string | null }): string {
  return digest([sha256 ?? '', ...members.map(normalisedMember)], rule, key);
}

/**
 * Why: torch names the top folder of its zip after the file it was saved to, so that the same model saved elsewhere has
 * other member names (`archive/data.pkl`, `my_model/data.pkl`).
 */
function normalisedMember(name: string): string {
  return name.replace(/^[^/]+\/(?=(data\.pkl|constants\.pkl|byteorder|version|data\/\d+|code\/.*|extra\/.*|\.data\/.*)$)/, '');
}

function digest(place: readonly string[], rule: string, key: string): string {
  const hash = createHash('sha256').update(JSON.stringify([...place, rule, key]));
  return `fp/v1:${hash.digest('hex').slice(0, 32)}`;
}
