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

/**
 * Identity that survives renaming: content digest, member, rule, key. Why the path where there is no digest: files that were
 * not hashed must not all be the same file.
 */
export function contentFingerprint({ path, sha256, members, rule, key }: Identity & { readonly sha256: string | null }): string {
  return digest([sha256 ?? `path:${path}`, ...members.map(normalisedMember)], rule, key);
}

/** The top folder of a torch zip, by what lies directly in it. */
const TORCH_FOLDER =
  /^[^/]+\/(?=(?:(?:data|constants|attributes)\.pkl|byteorder|version|model\.json|\.format_version|\.storage_alignment|(?:data|constants|tensors|code|extra|\.data)\/.*)$)/s;

/**
 * Why: torch names the top folder of its zip after the file it was saved to, so that the same model saved elsewhere has
 * other member names (`archive/data.pkl`, `my_model/data.pkl`).
 */
function normalisedMember(name: string): string {
  return name.replace(TORCH_FOLDER, '');
}

function digest(place: readonly string[], rule: string, key: string): string {
  const hash = createHash('sha256').update(JSON.stringify([...place, rule, key]));
  return `fp/v1:${hash.digest('hex').slice(0, 32)}`;
}
