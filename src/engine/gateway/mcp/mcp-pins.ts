import { CordonError } from '../../../core/errors.ts';
import type { PinPolicy } from '../../../core/tool-policy.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { Store, Tx } from '../../../store/open-store.ts';
import { type ChangeWatch, nextPinsVersion } from '../changes/watch-changes.ts';
import { INSTRUCTIONS, shownInstructions } from './instructions.ts';
import { FIRST_USE, type Pin, type PinVerdict, reviewPin, type Shown } from './pin-review.ts';
import { acceptPending, type McpPin, pinRows, pinsOf, type PinsOfServer, writeReview } from './pin-rows.ts';

/** Which descriptions of tools are accepted, kept in the database and looked at in memory. */
export interface McpPins {
  /**
   * Decides about descriptions that a server gives, and remembers what is new. `isWhole`: no further page follows. What waits for
   * approval is written to the ledger the first time.
   */
  review(server: string, tools: readonly Shown[], isWhole: boolean, policy: PinPolicy | undefined): Promise<readonly PinVerdict[]>;
  /** Decides about the instructions of a server, and remembers them; what is empty is what a server says that has none. */
  reviewInstructions(server: string, instructions: string, policy: PinPolicy | undefined): Promise<PinVerdict>;
  /** Whether a tool may be called: its description is accepted, and none waits. `unknown`: nobody has read one. */
  stateOf(server: string, tool: string, policy: PinPolicy | undefined): 'accepted' | 'waits' | 'unknown';
  list(actor: Principal): Promise<readonly McpPin[]>;
  /** Accepts the description that waits, by its digest. Throws `access.denied`, and `request.invalid` if another one waits by now. */
  approve(actor: Principal, wanted: { readonly server: string; readonly tool: string; readonly digest: string }): Promise<void>;
}

/** What {@link openMcpPins} needs. */
export interface McpPinsOptions {
  readonly store: Store;
  readonly watch: ChangeWatch;
  readonly now?: () => number;
}

/** How long the first list of a server may take, page by page. Why: a list without an end would make everything a first use. */
const FIRST_LIST_MS = 600_000;

/** Reads what is accepted and keeps it up to date. */
export async function openMcpPins({ store, watch, now = Date.now }: McpPinsOptions): Promise<McpPins> {
  let known = await pinsOf(store.db);
  const reload = async (): Promise<void> => {
    known = await pinsOf(store.db);
  };
  watch.on('pins', reload);

  function verdicts(found: PinsOfServer | undefined, server: string, tools: readonly Shown[], policy: PinPolicy | undefined): PinVerdict[] {
    const at = now();
    // Why not the instructions: they come before any list, and are all that there is of their kind.
    const isList = tools[0]?.name !== INSTRUCTIONS;
    const isFirst = found === undefined || !isList || (found.knownAt === null && at - found.firstAt < FIRST_LIST_MS);
    return tools.map((tool) => reviewPin(found?.pins.get(tool.name), tool, server, policy, isFirst));
  }

  /** `list`: whether the tools are a list, or the end of one; undefined: they are none. */
  async function review(
    server: string,
    tools: readonly Shown[],
    list: 'page' | 'whole' | undefined,
    policy: PinPolicy | undefined,
  ): Promise<readonly PinVerdict[]> {
    const found = known.get(server);
    const seen = verdicts(found, server, tools, policy);
    const isKnown = found !== undefined && (found.knownAt !== null || list !== 'whole');
    if (isKnown && seen.every((verdict, index) => isWritten(verdict, found.pins.get(tools[index]!.name), tools[index]!))) return seen;
    const decided = await store.transaction(async (tx) => {
      // Why first: whoever reviews the same server at the same time waits here, and sees what we wrote.
      await nextPinsVersion(tx);
      const fresh = (await pinsOf(tx, server)).get(server);
      const again = verdicts(fresh, server, tools, policy);
      const entries = await writeReview(tx, { server, tools, verdicts: again, found: fresh, list, at: now() });
      for (const entry of entries) await appendEntry(tx, { ...entry, at: now() });
      return again;
    });
    await reload();
    return decided;
  }

  return {
    review: (server, tools, isWhole, policy) => review(server, tools, isWhole ? 'whole' : 'page', policy),
    async reviewInstructions(server, instructions, policy) {
      const [verdict] = await review(server, [shownInstructions(instructions)], undefined, policy);
      return verdict!;
    },
    stateOf(server, tool, policy) {
      const pin = known.get(server)?.pins.get(tool);
      if (pin === undefined) return 'unknown';
      const key = `${server}/${tool}`;
      const configured = policy !== undefined && Object.hasOwn(policy.tools, key) ? policy.tools[key] : undefined;
      // Why unknown: the configuration is not the one that was asked when the description was read.
      if (configured !== undefined && configured !== pin.digest) return 'unknown';
      if (policy?.mode === 'required' && pin.acceptedBy === FIRST_USE) return 'unknown';
      return pin.digest !== null && pin.pendingDigest === null ? 'accepted' : 'waits';
    },
    async list(actor) {
      if (!actor.can('audit', '*') && !actor.can('admin', '*'))
        throw new CordonError('access.denied', `${actor.name} may not see the descriptions of tools`);
      return await pinRows(store.db);
    },
    async approve(actor, { server, tool, digest }) {
      if (!actor.can('admin', '*')) throw new CordonError('access.denied', `${actor.name} may not approve descriptions of tools`);
      await store.transaction(async (tx: Tx) => {
        await nextPinsVersion(tx);
        if (!(await acceptPending(tx, { server, tool, digest, by: actor.name, at: now() })))
          throw new CordonError('request.invalid', 'no description with this digest waits for approval');
        await appendEntry(tx, { kind: 'mcp.approved', body: { by: actor.name, server, tool, digest }, at: now() });
      });
      await reload();
    },
  };
}

/** Whether the database already says what was decided. */
function isWritten(verdict: PinVerdict, pin: Pin | undefined, { digest }: Shown): boolean {
  if (verdict.kind === 'first') return false;
  if (verdict.kind === 'waits') return pin?.pendingDigest === digest;
  return pin !== undefined && pin.pendingDigest === null && pin.digest === digest;
}
