import type { Tx } from '../../../store/open-store.ts';
import type { TokenTable } from '../../../store/schema/identity.ts';

/** What the ledger says of a version. */
export interface VersionHistory {
  readonly revision: string;
  isWithdrawn: boolean;
  /** Stages it may be in: several where an entry leaves it open which. */
  stages: ReadonlySet<string>;
}

/** What the ledger says the rows must be, after all its entries. */
export interface LedgerHistory {
  /** Digest of the columns that never change, by table and id; null where the entry is older than such digests. */
  readonly written: Map<string, string | null>;
  readonly tokenEnds: Map<string, TokenTable['expires_at']>;
  /** When, by `token <id>`, `approval <id>`, `waiver <id>`; null where the entry does not say. */
  readonly revoked: Map<string, number | null>;
  /** By whom, by the waiver; null where the entry does not say. */
  readonly approvedWaivers: Map<string, string | null>;
  /** `holder role on`, by whom and when. */
  readonly roles: Map<string, { readonly by: string; readonly at: number }>;
  readonly principals: Map<
    string,
    { readonly name: string; readonly kind: string; readonly issuer: string | null; readonly subject: string | null; readonly at: number }
  >;
  /** When what a decision admitted must be decided again, by the decision; absent where the entry is older than that. */
  readonly decisionEnds: Map<string, number | null>;
  /** `namespace/name revision`. */
  readonly revisions: Set<string>;
  /** By {@link versionKey}. */
  readonly versions: Map<string, VersionHistory>;
}

/** Names a version in the ledger. Why with the manifest: a model and a dataset may have the same name. */
export function versionKey(repository: string, version: number, manifest: string): string {
  return `${repository}@${version} ${manifest}`;
}

const ENTRIES_AT_ONCE = 1_000;
/** What a version that left its stage may be in. */
const OUT = ['', 'archived'];

type Body = Readonly<Record<string, unknown>>;

/** Reads the ledger from its beginning. Whether it is itself as it was signed is for {@link verifyLedger} to say. */
export async function readHistory(db: Pick<Tx, 'selectFrom'>): Promise<LedgerHistory> {
  const history: LedgerHistory = {
    written: new Map(),
    tokenEnds: new Map(),
    revoked: new Map(),
    approvedWaivers: new Map(),
    roles: new Map(),
    principals: new Map(),
    decisionEnds: new Map(),
    revisions: new Set(),
    versions: new Map(),
  };
  for (let from = 0; ; from += ENTRIES_AT_ONCE) {
    const entries = await db
      .selectFrom('ledger')
      .select(['kind', 'body', 'created_at'])
      .where('position', '>=', from)
      .where('position', '<', from + ENTRIES_AT_ONCE)
      .orderBy('position')
      .execute();
    for (const { kind, body, created_at: at } of entries) READERS[kind]?.(history, bodyOf(body), at);
    if (entries.length < ENTRIES_AT_ONCE) return history;
  }
}

function bodyOf(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

const READERS: Readonly<Record<string, (history: LedgerHistory, body: Body, at: number) => void>> = {
  'gate.decided': (history, body) => {
    wrote(history, 'decision', body['decision'], body);
    if ('expiresAt' in body) history.decisionEnds.set(String(body['decision']), body['expiresAt'] as number | null);
  },
  'revision.committed': ({ revisions }, { repository, revision }) => void revisions.add(`${String(repository)} ${String(revision)}`),
  'promotion.denied': (history, body) => wrote(history, 'decision', body['decision'], body),
  'version.promoted': (history, body) => {
    wrote(history, 'decision', body['decision'], body);
    const { repository, replaced, stage } = body;
    const version = versionOf(history, body);
    if (version !== undefined) version.stages = new Set([String(stage)]);
    for (const number of Array.isArray(replaced) ? replaced : [])
      for (const [key, other] of history.versions) if (key.startsWith(`${String(repository)}@${number} `)) other.stages = new Set(OUT);
  },
  'version.sealed': (history, body) => {
    const { repository, version, manifest, revision } = body;
    const key = versionKey(String(repository), Number(version), String(manifest));
    history.versions.set(key, { revision: String(revision), isWithdrawn: false, stages: new Set(['']) });
  },
  'version.left-stage': (history, body) => {
    const version = versionOf(history, body);
    if (version !== undefined) version.stages = new Set([String(body['to'])]);
  },
  'version.withdrawn': (history, body) => {
    const version = versionOf(history, body);
    if (version !== undefined) version.isWithdrawn = true;
  },
  // Why open: the entry names the first repositories only, a recall of a content none of the sets it is in.
  'version.recalled': (history, body) => recalled(history, (key) => key.endsWith(` ${String(body['manifest'])}`)),
  'content.recalled': (history) => recalled(history, () => true),
  'repository.moved': ({ versions, revisions }, { from, to }) => {
    for (const [key, version] of versions) {
      if (!key.startsWith(`${String(from)}@`)) continue;
      versions.delete(key);
      versions.set(`${String(to)}${key.slice(String(from).length)}`, version);
    }
    for (const key of revisions) {
      if (!key.startsWith(`${String(from)} `)) continue;
      revisions.delete(key);
      revisions.add(`${String(to)}${key.slice(String(from).length)}`);
    }
  },
  'repository.deleted': ({ versions, revisions }, { repository }) => {
    for (const key of versions.keys()) if (key.startsWith(`${String(repository)}@`)) versions.delete(key);
    for (const key of revisions) if (key.startsWith(`${String(repository)} `)) revisions.delete(key);
  },
  'approval.given': (history, body) => wrote(history, 'approval', body['approval'], body),
  'approval.revoked': (history, body) => revoked(history, 'approval', body),
  'waiver.requested': (history, body) => wrote(history, 'registry_waiver', body['waiver'], body),
  'waiver.approved': ({ approvedWaivers }, { waiver, approvedBy }) => void approvedWaivers.set(String(waiver), textOrNull(approvedBy)),
  'waiver.revoked': (history, body) => revoked(history, 'waiver', body),
  'token.created': (history, body) => {
    wrote(history, 'token', body['token'], body);
    history.tokenEnds.set(String(body['token']), body['expiresAt'] as number | null);
  },
  'token.rotated': ({ tokenEnds }, { token, endsAt }) => void tokenEnds.set(String(token), endsAt as number | null),
  'token.revoked': (history, body) => revoked(history, 'token', body),
  'role.granted': ({ roles }, { holder, role, on, by }, at) =>
    void roles.set(`${String(holder)} ${String(role)} ${String(on)}`, { by: String(by), at }),
  'role.revoked': ({ roles }, { holder, role, on }) => void roles.delete(`${String(holder)} ${String(role)} ${String(on)}`),
  'principal.created': ({ principals }, { principal, name, kind, issuer, subject }, at) => {
    const known = { name: String(name), kind: String(kind), issuer: textOrNull(issuer), subject: textOrNull(subject), at };
    principals.set(String(principal), known);
  },
};

function wrote({ written }: LedgerHistory, table: string, id: unknown, { row }: Body): void {
  written.set(`${table} ${String(id)}`, textOrNull(row));
}

function revoked(history: LedgerHistory, what: 'approval' | 'waiver' | 'token', body: Body): void {
  const { revokedAt } = body;
  history.revoked.set(`${what} ${String(body[what])}`, typeof revokedAt === 'number' ? revokedAt : null);
}

function versionOf({ versions }: LedgerHistory, { repository, version, manifest }: Body): VersionHistory | undefined {
  return versions.get(versionKey(String(repository), Number(version), String(manifest)));
}

function recalled({ versions }: LedgerHistory, isMeant: (key: string) => boolean): void {
  for (const [key, version] of versions) if (isMeant(key)) version.stages = new Set([...version.stages, '']);
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
