import { z } from '@hono/zod-openapi';
import { CordonError } from '../../core/errors.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { attest } from '../../engine/registry/evidence/attest.ts';
import { attestationsOf, type KeptAttestation } from '../../engine/registry/evidence/attestations-of.ts';
import { type BillFormat, keepBill, writeBill } from '../../engine/registry/evidence/keep-bill.ts';
import { ownKeys } from '../../engine/registry/evidence/own-keys.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { resolveRevision } from '../../engine/registry/revisions.ts';
import { openVersion } from '../../engine/registry/versions.ts';
import { signerText } from '../../evidence/signature/verified.ts';
import { smallBody } from '../http/body.ts';
import { type Api, json, route } from './define.ts';
import { RepositoryPath, VersionPath } from './schemas.ts';

/** Why: a signature over 100,000 files takes 20 MB. */
export const ATTESTATION_BYTES = 32 * 1024 * 1024;

const RevisionPath = RepositoryPath.extend({ revision: z.string().min(1).max(255) });
const REVISION = '/repositories/{kind}/{namespace}/{name}/revisions/{revision}';
const VERSION = '/repositories/{kind}/{namespace}/{name}/versions/{version}';

const AttestationBody = z
  .object({
    digest: z.string().describe('SHA-256 of the bundle'),
    predicateType: z.string(),
    subject: z.string().describe('OMS root digest that it names'),
    signer: z.string().nullable().describe('who signed, verified by whom the registry trusts now; null: it does not count'),
    byRegistry: z.boolean(),
    problem: z.string().describe('why it does not count'),
    createdAt: z.string(),
    bundle: z.string().optional(),
  })
  .openapi('Attestation');

const BillQuery = z.object({ format: z.enum(['cyclonedx', 'spdx']).default('cyclonedx'), spec: z.enum(['1.6', '1.7', '3.0']).optional() });

/** Signatures, attestations and bills of materials. */
export function addEvidenceRoutes(api: Api, context: RegistryContext): void {
  api.openapi(
    route({
      method: 'get',
      path: `${REVISION}/attestations`,
      summary: 'Signatures and attestations about a revision, newest first',
      request: { params: RevisionPath, query: z.object({ bundles: z.enum(['true', 'false']).default('false') }) },
      answer: z.array(AttestationBody),
    }),
    async (c) => {
      const { revision: name, ...path } = c.req.valid('param');
      const repository = await openRepository(context, c.var.principal, path);
      const { manifest } = await resolveRevision(context, repository, name);
      const kept = await attestationsOf(context, repository, manifest);
      return c.json(
        kept.map((one) => attestationBody(one, c.req.valid('query').bundles === 'true')),
        200,
      );
    },
  );

  const push = route({
    method: 'post',
    path: `${REVISION}/attestations`,
    summary: 'Bring a signature or attestation (a Sigstore bundle); refused unless it verifies',
    request: { params: RevisionPath, body: json(z.record(z.string(), z.unknown())) },
    answer: z.object({ digest: z.string(), predicateType: z.string(), signer: z.string() }),
  });
  api.openAPIRegistry.registerPath(push);
  // Why not through the schema: what is verified and kept are the bytes as they came.
  api.post(push.getRoutingPath(), async (c) => {
    const params = RevisionPath.safeParse(c.req.param());
    if (!params.success) throw new CordonError('request.invalid', 'the address is not valid');
    const { revision: name, ...path } = params.data;
    const repository = await openRepository(context, c.var.principal, path, 'write');
    const { manifest } = await resolveRevision(context, repository, name);
    const { digest, predicateType, signer } = await attest(
      context,
      c.var.principal,
      repository,
      manifest,
      await smallBody(c, ATTESTATION_BYTES),
    );
    return c.json({ digest, predicateType, signer }, 200);
  });

  const bill = route({
    method: 'get',
    path: `${VERSION}/bom`,
    summary: 'Bill of materials of a version',
    request: { params: VersionPath, query: BillQuery },
    answer: z.record(z.string(), z.unknown()),
  });
  api.openapi(bill, async (c) => {
    const { version, ...path } = c.req.valid('param');
    const repository = await openRepository(context, c.var.principal, path);
    const text = await writeBill(context, repository, await openVersion(context, repository, version), formatOf(c.req.valid('query')));
    return new Response(text, { headers: { 'Content-Type': 'application/json' } }) as never;
  });

  api.openapi(
    route({
      method: 'post',
      path: `${VERSION}/bom`,
      summary: 'Make the bill of materials of a version, sign it and keep it',
      request: { params: VersionPath, body: json(BillQuery.strict()) },
      answer: z.object({ attestation: z.string() }),
    }),
    async (c) => {
      const { version, ...path } = c.req.valid('param');
      const repository = await openRepository(context, c.var.principal, path, 'write');
      const target = await openVersion(context, repository, version);
      return c.json({ attestation: await keepBill(context, repository, target, formatOf(c.req.valid('json'))) }, 200);
    },
  );

  api.openapi(
    route({
      method: 'get',
      path: '/signing-keys',
      summary: 'Keys by which this registry signs or signed, newest first',
      request: {},
      answer: z.array(
        z.object({ fingerprint: z.string(), publicKey: z.string(), since: z.string(), current: z.boolean(), revoked: z.boolean() }),
      ),
    }),
    async (c) => {
      const keys = await ownKeys(context);
      return c.json(
        keys.map(({ fingerprint, pem, since, isRevoked }) => ({
          fingerprint,
          publicKey: pem,
          since: new Date(since).toISOString(),
          current: fingerprint === context.attestor?.fingerprint,
          revoked: isRevoked,
        })),
        200,
      );
    },
  );
}

function formatOf({ format, spec }: z.infer<typeof BillQuery>): BillFormat {
  if (format === 'spdx') {
    if (spec !== undefined && spec !== '3.0') throw new CordonError('request.invalid', 'SPDX is written as 3.0');
    return { format, spec: '3.0' };
  }
  if (spec === '3.0') throw new CordonError('request.invalid', 'CycloneDX is written as 1.6 or 1.7');
  return { format, spec: spec ?? '1.6' };
}

function attestationBody(kept: KeptAttestation, withBundle: boolean): z.infer<typeof AttestationBody> {
  return {
    digest: kept.digest,
    predicateType: kept.predicateType,
    subject: kept.subject,
    signer: kept.signer === undefined ? null : signerText(kept.signer),
    byRegistry: kept.isOwn,
    problem: kept.problem,
    createdAt: new Date(kept.createdAt).toISOString(),
    ...(withBundle && { bundle: kept.body }),
  };
}
