import { appendEntry } from '../../../evidence/ledger/append.ts';
import { assessFiles } from '../assess.ts';
import type { RegistryContext } from '../context.ts';
import { askGate, openGate, reasonOf, recordDecision } from '../decide.ts';
import type { ManifestEntry } from '../manifest.ts';

/** How long an answer stands. Why so short: a new waiver, policy or rule has to count soon. */
const STANDS_MS = 30_000;
const ANSWERS_KEPT = 10_000;

interface Answer {
  readonly refusal: Promise<string>;
  readonly until: number;
}

/** Why weak: answers live as long as the registry that gave them. */
const answers = new WeakMap<RegistryContext, Map<string, Answer>>();

/**
 * Asks the gate of the ingest about files that are in no repository. Answers why they are refused, empty when they are not. The
 * decision is kept, and in the ledger, whenever it is another one than before. What is recalled anywhere is refused.
 */
export async function decideFiles(context: RegistryContext, manifest: string, files: readonly ManifestEntry[]): Promise<string> {
  const recalled = await context.store.db.selectFrom('recall').select('reason').where('manifest', '=', manifest).executeTakeFirst();
  if (recalled !== undefined) return recalled.reason;
  const known = answers.get(context) ?? new Map<string, Answer>();
  answers.set(context, known);
  const now = context.now();
  const before = known.get(manifest);
  if (before !== undefined && before.until > now) return before.refusal;
  if (known.size >= ANSWERS_KEPT) known.clear();
  const refusal = decide(context, manifest, files);
  known.set(manifest, { refusal, until: now + STANDS_MS });
  // Why: what failed is asked again by the next reader.
  refusal.catch(() => known.delete(manifest));
  return refusal;
}

async function decide(context: RegistryContext, manifest: string, files: readonly ManifestEntry[]): Promise<string> {
  const assessed = await assessFiles(context, manifest, files);
  const policy = await openGate(context, context.config.registry.ingest.gate);
  const report = await askGate(context, policy, undefined, assessed);
  const { gate } = report;
  const refusal = gate.effect === 'deny' ? reasonOf(report) : '';
  await context.store.transaction(async (tx) => {
    const last = await tx
      .selectFrom('decision')
      .select(['effect', 'policy'])
      .where('subject', '=', manifest)
      .where('gate', '=', gate.name)
      .where('repository_id', 'is', null)
      .orderBy('created_at', 'desc')
      .executeTakeFirst();
    if (last?.effect === gate.effect && last.policy === gate.policy) return;
    const decision = await recordDecision(tx, undefined, manifest, report, context.now());
    await appendEntry(tx, {
      kind: 'gate.decided',
      body: {
        manifest,
        gate: gate.name,
        effect: gate.effect,
        decision: decision.id,
        row: decision.row,
        policy: gate.policy,
        evidence: [...gate.evidence],
        rules: report.tool.rules,
        applied: true,
      },
    });
  });
  return refusal;
}
