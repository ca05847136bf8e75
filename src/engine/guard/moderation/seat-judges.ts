import { CordonError } from '../../../core/errors.ts';
import type { ModerationConfig } from '../../../core/moderation-config.ts';
import type { Authorization } from '../../../detectors/moderation/adapter.ts';
import { NOT_OPERATOR } from '../../../detectors/detector.ts';
import { adapterOf, CATEGORIES } from '../../../detectors/moderation/index.ts';
import type { GuardDetection } from '../decision.ts';
import type { SeatedJudge } from '../judge.ts';
import type { ResolvedProfile } from '../profile.ts';
import { awsIdentity } from './aws-identity.ts';
import { moderationJudge } from './moderation-judge.ts';
import { checkAddress, Poster } from './post.ts';
import { readSecret } from './secrets.ts';
import type { ModerationSurroundings } from './surroundings.ts';

/** The judges of a profile. Throws `config.invalid` where a secret is missing or an address is not allowed: better now than unseen later. */
export function seatJudges(
  profile: ResolvedProfile,
  { env = process.env, now = () => new Date() }: ModerationSurroundings = {},
): readonly SeatedJudge[] {
  return (profile.moderation ?? []).map((config) => {
    const where = `guard.profiles.${profile.name}.moderation.${config.id}`;
    try {
      return seat(config, profile, env, now);
    } catch (error) {
      if (error instanceof CordonError) throw new CordonError('config.invalid', `${where}: ${error.message}`);
      throw error;
    }
  });
}

function seat(
  config: ModerationConfig,
  profile: ResolvedProfile,
  env: NonNullable<ModerationSurroundings['env']>,
  now: () => Date,
): SeatedJudge {
  refuseUnknownCategories(config);
  refuseEmptyPromise(config, profile);
  const adapter = adapterOf(config);
  const authorization = authorizer(config, env, now);
  checkAddress(adapter.request([{ text: '', channel: 'user' }], authorization()).url, config.allowPrivateNetwork);
  const poster = new Poster({ allowPrivate: config.allowPrivateNetwork, timeoutMs: config.timeoutMs });
  const judge = moderationJudge({
    id: config.id,
    adapter,
    channels: config.channels ?? NOT_OPERATOR,
    isConcealed: config.sendRedacted ? (detection) => isPersonal(detection, profile) : () => false,
    authorization,
    post: (make, signal) => poster.post(make, signal),
  });
  const mode = config.mode ?? (profile.watches ? 'monitor' : config.provider === 'aws-comprehend-pii' ? 'redact' : 'block');
  return {
    judge,
    mode,
    // What Bedrock blocks has a finding of its own, so that what it only replaces can be replaced here.
    ...(config.provider === 'aws-bedrock-guardrail' && mode === 'block' && { modes: { 'moderation.pii': 'redact' as const } }),
    timeoutMs: config.timeoutMs,
    failure: config.failure,
    ...(config.concurrency !== undefined && { concurrency: config.concurrency }),
  };
}

/** Reads secrets for each request anew, because they are renewed while a guard lives. */
function authorizer(config: ModerationConfig, env: NonNullable<ModerationSurroundings['env']>, now: () => Date): () => Authorization {
  return () => ({
    now: now(),
    ...('apiKey' in config && config.apiKey !== undefined && { apiKey: readSecret(config.apiKey, env) }),
    ...('region' in config && { aws: awsIdentity(config.credentials, env) }),
  });
}

/** What redaction would take out: personal data and secrets that count, whatever the profile does with them here. */
function isPersonal({ detector, score }: GuardDetection, profile: ResolvedProfile): boolean {
  return (detector === 'pii' || detector === 'secrets') && score >= profile.detectors[detector].threshold;
}

function refuseUnknownCategories(config: ModerationConfig): void {
  const known = CATEGORIES[config.provider];
  const unknown = 'categories' in config ? Object.keys(config.categories).find((name) => known?.includes(name) === false) : undefined;
  if (unknown !== undefined)
    throw new CordonError('config.invalid', `there is no category ${JSON.stringify(unknown)}; use ${known?.join(', ')}`);
}

/** Why: with both detectors off nothing is found, so nothing is concealed, although the configuration says so. */
function refuseEmptyPromise({ sendRedacted }: ModerationConfig, { detectors }: ResolvedProfile): void {
  if (sendRedacted && detectors.pii.mode === 'off' && detectors.secrets.mode === 'off')
    throw new CordonError(
      'config.invalid',
      'sendRedacted needs the detectors pii or secrets, which are off; say sendRedacted: false to send texts as they are',
    );
}
