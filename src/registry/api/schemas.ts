import { z } from '@hono/zod-openapi';
import { Decision } from '../../core/decision.ts';
import { Finding } from '../../core/finding.ts';

const Kind = z.enum(['model', 'dataset', 'space']);

/** `/repositories/{kind}/{namespace}/{name}`. */
export const RepositoryPath = z.object({
  kind: Kind,
  namespace: z.string().min(1).max(96),
  name: z.string().min(1).max(96),
});

/** A version of a repository. */
export const VersionPath = RepositoryPath.extend({ version: z.coerce.number().int().min(1) });

export const RepositoryBody = z
  .object({ id: z.string(), kind: Kind, private: z.boolean(), createdAt: z.string(), updatedAt: z.string() })
  .openapi('Repository');

export const AdmissionState = z.enum(['pending', 'admitted', 'quarantined', 'recalled']);

/** A finding that a decision was made on. */
const DecidedFinding = Finding.pick({ rule: true, severity: true, message: true }).extend({ path: z.string(), suppressed: z.boolean() });

export const VersionBody = z
  .object({
    repository: z.string(),
    kind: Kind,
    version: z.int(),
    revision: z.string(),
    manifest: z.string().describe('digest of the sealed set of files'),
    stage: z.string(),
    admission: AdmissionState,
    reason: z.string(),
    createdAt: z.string(),
    findings: z.array(DecidedFinding).optional().describe('what the gate of the ingest saw, worst first; only of single versions'),
  })
  .openapi('Version');

export const RevisionBody = z
  .object({
    repository: z.string(),
    revision: z.string(),
    manifest: z.string(),
    omsDigest: z.string().describe('root digest of OpenSSF Model Signing, the subject of attestations'),
    admission: AdmissionState,
    reason: z.string(),
    findings: z.array(DecidedFinding).describe('what the gate of the ingest saw, worst first'),
    files: z.array(z.object({ path: z.string(), sha256: z.string(), size: z.int() })),
  })
  .openapi('Revision');

const RequirementBody = z.object({ id: z.string(), title: z.string(), isMet: z.boolean(), detail: z.string() });

export const PromotionBody = z
  .object({
    isPromoted: z.boolean(),
    repository: z.string(),
    version: z.int(),
    stage: z.string(),
    decision: z.string(),
    gate: Decision.omit({ gate: true }).extend({ name: z.string() }),
    requirements: z.array(RequirementBody),
    findings: z.array(Finding),
  })
  .openapi('Promotion');

export const RecallBody = z
  .object({
    manifest: z.string(),
    repositories: z.array(z.string()),
    elsewhere: z.array(z.string()).describe('repositories with the same files, where somebody else has to recall them'),
    pulledBy: z.array(
      z.object({
        principal: z.string(),
        client: z.string(),
        repository: z.string(),
        firstAt: z.number(),
        lastAt: z.number(),
        files: z.int(),
      }),
    ),
  })
  .openapi('Recall');

export const ContentRecallBody = RecallBody.omit({ manifest: true })
  .extend({
    sha256: z.string(),
    scopes: z.array(z.string()).describe('where it counts, for files that come later too: *, namespaces or repositories'),
    manifests: z.array(z.string()).describe('sets of files that were blocked'),
  })
  .openapi('ContentRecall');

export const RetroBody = z
  .object({
    decided: z.int(),
    outdated: z.int(),
    changed: z.array(
      z.object({ repository: z.string(), kind: Kind, manifest: z.string(), before: z.string(), after: z.string(), reason: z.string() }),
    ),
  })
  .openapi('RetroHunt');

export const RescanBody = z
  .object({
    rules: z.string().describe('digest of the rules and scanners of this server'),
    decided: z.int().describe('sets of files that are decided'),
    outdated: z.object({ manifests: z.int(), files: z.int(), bytes: z.int() }).describe('of these, decided by what older scanners saw'),
    state: z.enum(['none', 'waiting', 'running', 'done', 'failed']),
    problem: z.string(),
  })
  .openapi('Rescan');

export const Done = z.object({ done: z.literal(true) });
