/** What a gate decided, as far as an attestation tells it. */
export interface GateResult {
  /** Who decided, a URI. */
  readonly verifier: string;
  readonly version: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly decidedAt: string;
  /** What the subject is called where it is served, for example `hf://org/name@v3`. */
  readonly resource: string;
  readonly gate: string;
  readonly stage?: string;
  readonly isAllowed: boolean;
  /** SHA-256 of the policy. */
  readonly policy: string;
  /** Digests of the attestations that counted. */
  readonly evidence: readonly string[];
  /** When the decision stops counting: the end of the waiver or approval it rests on. */
  readonly expiresAt?: string;
}

/** The SLSA verification summary (VSA) of a gate decision: what an admission controller checks instead of all the evidence. */
export function verificationSummary(result: GateResult): object {
  return {
    verifier: { id: result.verifier, version: result.version },
    timeVerified: result.decidedAt,
    resourceUri: result.resource,
    policy: { uri: `urn:cordon:gate:${result.gate}`, digest: { sha256: result.policy } },
    inputAttestations: result.evidence.map((sha256) => ({ digest: { sha256 } })),
    verificationResult: result.isAllowed ? 'PASSED' : 'FAILED',
    verifiedLevels: [],
    slsaVersion: '1.0',
    ...(result.expiresAt !== undefined && { expiresAt: result.expiresAt }),
  };
}

/**
 * The simple verification result (SVR) of a gate that allowed: properties that hold. Throws nothing and says nothing for a denial,
 * because an SVR lists only what passed.
 */
export function verificationResult(result: GateResult): object | undefined {
  if (!result.isAllowed) return undefined;
  const name = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  return {
    verifier: { id: result.verifier, policy: { uri: `urn:cordon:gate:${result.gate}`, digest: { sha256: result.policy } } },
    timeCreated: result.decidedAt,
    properties: [`CORDON_GATE_${name(result.gate)}`, ...(result.stage === undefined ? [] : [`CORDON_STAGE_${name(result.stage)}`])],
    ...(result.expiresAt !== undefined && { expiresAt: result.expiresAt }),
  };
}

/** Whether a VSA or SVR counts at a moment: both kinds carry `expiresAt` as an extension. A time nobody can read has passed. */
export function isExpired(predicate: Readonly<Record<string, unknown>>, now: Date): boolean {
  const { expiresAt } = predicate;
  return expiresAt !== undefined && !(typeof expiresAt === 'string' && Date.parse(expiresAt) > now.getTime());
}
