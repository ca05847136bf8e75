import type { RegistryContext } from './context.ts';
import type { Admission } from './admit.ts';
import { conversionNotice } from './conversion/conversions.ts';

const DAY_MS = 86_400_000;

interface KeptWaiver {
  readonly id: string;
  readonly status: string;
  readonly expires: string;
}

/**
 * What people should know of something that is served: what the gate warned of, and waivers it rests on that end soon.
 */
export async function noticesOf(context: RegistryContext, admission: Admission | undefined): Promise<readonly string[]> {
  if (admission?.state !== 'admitted') return [];
  const notices = admission.reason === '' ? [] : [admission.reason];
  const converted = await conversionNotice(context.store.db, admission.repository_id, admission.manifest);
  if (converted !== undefined) notices.push(converted);
  if (admission.decision_id === null) return notices;
  const row = await context.store.db.selectFrom('decision').select('body').where('id', '=', admission.decision_id).executeTakeFirst();
  if (row === undefined) return notices;
  const { waivers = [] } = JSON.parse(row.body) as { readonly waivers?: readonly KeptWaiver[] };
  const soon = context.now() + context.config.waiverPolicy.nearExpiryDays * DAY_MS;
  for (const { id, expires } of waivers.filter((waiver) => Date.parse(waiver.expires) <= soon)) {
    notices.push(`it is served only because of the waiver ${id}, which ends on ${expires}`);
  }
  return notices;
}
