import type { AccessSource } from './access-rules.ts';

/** Why: an entry of the ledger is bounded, and names of groups come from elsewhere. */
const NAMED = 100;
const NAME_CHARACTERS = 200;

/** What differs between two configurations of who may do what. */
export interface AccessChanges {
  /** Such as `roles.releaser`, `groups.ml-engineers`, `oidc.https://id.example.com`, `sessionHours`. */
  readonly changed: readonly string[];
  /** How many there are in all. */
  readonly count: number;
}

/** Names what was given, taken and changed: evidence says which rights came from another file, never what secrets it names. */
export function accessChanges(from: AccessSource, to: AccessSource): AccessChanges {
  const [before, after] = [settings(from), settings(to)];
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name)).sort();
  return { changed: changed.slice(0, NAMED).map((name) => name.slice(0, NAME_CHARACTERS)), count: changed.length };
}

function settings({ access, server }: AccessSource): Map<string, string> {
  const { roles, groups, oidc, ...rest } = access;
  const issuers = Object.fromEntries(oidc.map((issuer) => [issuer.issuer, issuer]));
  const named = Object.entries({ roles, groups, oidc: issuers }).flatMap(([section, entries]) =>
    Object.entries(entries).map(([name, value]) => [`${section}.${name}`, value] as const),
  );
  const all = [...named, ...Object.entries(rest), ['trustedProxies', server.trustedProxies] as const];
  return new Map(all.map(([name, value]) => [name, JSON.stringify(value) ?? '']));
}
