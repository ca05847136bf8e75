import type { Hono } from 'hono';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { Action, Principal } from '../../identity/permission.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { listFiles } from '../../engine/registry/list-files.ts';
import { checkFilePath } from '../../engine/registry/names.ts';
import { openServable } from '../../engine/registry/read-file.ts';
import { openRepository } from '../../engine/registry/repositories.ts';
import { artifactsOf, openArtifactOwner, putArtifact, removeArtifacts } from '../../engine/registry/tracking/artifacts.ts';
import { openArtifact } from '../../engine/registry/tracking/open-artifact.ts';
import { openVersion } from '../../engine/registry/versions.ts';
import { announcedLength, bodyOf } from '../http/body.ts';
import type { RegistryEnv, RegistryRequest } from '../http/env.ts';
import { sendFile } from '../http/send-file.ts';
import { type Address, addressOf } from './addresses.ts';
import { refused } from './errors.ts';
import { folderListing } from './folder-listing.ts';
import { modelRepository } from './model-names.ts';
import { fieldsOf } from './request.ts';

const BASE = '/mlflow-artifacts/artifacts';
const USER_AGENT_CHARACTERS = 80;
/** Clients fall back to plain uploads when a message begins like this. */
const NO_MULTIPART = 'Multipart upload is not supported for the current artifact repository';

/** The artifact proxy: list, download, upload, delete. */
export function addArtifactRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.get(BASE, async (c) => {
    const { path } = await fieldsOf(c, z.object({ path: z.string().max(4_096).default('') }));
    const address = addressIn(path);
    return c.json({ files: folderListing(await filesAt(context, c.var.principal, address), address.path, 'relative') });
  });
  app.get(`${BASE}/:path{.+}`, (c) => download(c, context));
  app.put(`${BASE}/:path{.+}`, async (c) => {
    const address = requestedAddress(c, BASE);
    const owner = await ownerAt(context, c.var.principal, address, 'write');
    const size = announcedLength(c);
    await putArtifact(context, c.var.principal, owner, address.path, bodyOf(c), size === undefined ? {} : { size });
    return c.json({});
  });
  app.delete(`${BASE}/:path{.+}`, async (c) => {
    const address = requestedAddress(c, BASE);
    const owner = await ownerAt(context, c.var.principal, address, 'delete');
    if (address.path !== '') checkFilePath(address.path);
    await removeArtifacts(context, c.var.principal, owner, address.path);
    return c.json({});
  });
  app.post('/mlflow-artifacts/mpu/:act{(?:create|complete|abort)}/:path{.+}', () => refused('NOT_IMPLEMENTED', NO_MULTIPART));
  app.get('/mlflow-artifacts/presigned/:path{.+}', () =>
    refused('NOT_IMPLEMENTED', 'this registry gives no addresses that need no credential'),
  );
  for (const route of ['/mlflow/artifacts/presigned-upload-url', '/mlflow/artifacts/presigned-download-url']) {
    app.post(route, () => refused('NOT_IMPLEMENTED', 'this registry gives no addresses that need no credential'));
  }
}

async function download(c: RegistryRequest, context: RegistryContext): Promise<Response> {
  const { principal } = c.var;
  const address = requestedAddress(c, BASE);
  checkFilePath(address.path);
  const client = `mlflow ${(c.req.header('user-agent') ?? 'unknown').slice(0, USER_AGENT_CHARACTERS)}`;
  const headers = { 'Content-Disposition': 'attachment' };
  if (address.kind === 'owner') {
    const owner = await openArtifactOwner(context, principal, address.owner, address.id, 'read');
    const file = await openArtifact(context, principal, owner, address.path, client);
    return sendFile(c, file, { ...headers, ETag: `"${file.sha256}"` });
  }
  const { repository, version } = await versionAt(context, principal, address);
  const revision = { id: version.revision, manifest: version.manifest };
  const file = await openServable(context, principal, repository, revision, address.path);
  context.pulls.add(
    { repositoryId: repository.id, revision: version.revision, manifest: version.manifest, principal: principal.id, client },
    context.now(),
  );
  return sendFile(c, file, { ...headers, ETag: `"${file.sha256}"` });
}

/** Why from the raw address: what is unescaped or shortened on the way could lead somewhere else. */
function requestedAddress(c: RegistryRequest, base: string): Address {
  const [raw = ''] = (c.env.incoming.url ?? '').split('?');
  const at = raw.indexOf(`${base}/`);
  if (at === -1) throw new CordonError('request.invalid', 'the path is not written in its shortest form');
  return addressIn(decoded(raw.slice(at + base.length + 1)));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new CordonError('request.invalid', 'the path is not escaped correctly', { cause: error });
  }
}

function addressIn(path: string): Address {
  const address = addressOf(path);
  if (address === undefined) throw new CordonError('file.missing', `there are no artifacts at ${JSON.stringify(path.slice(0, 300))}`);
  return address;
}

async function filesAt(
  context: RegistryContext,
  principal: Principal,
  address: Address,
): Promise<readonly { readonly path: string; readonly size: number }[]> {
  if (address.kind === 'owner') return artifactsOf(context, await openArtifactOwner(context, principal, address.owner, address.id, 'read'));
  const { version } = await versionAt(context, principal, address);
  return listFiles(context, version.manifest);
}

async function versionAt(context: RegistryContext, principal: Principal, address: Extract<Address, { kind: 'version' }>) {
  const repository = await openRepository(context, principal, modelRepository(address.repository));
  return { repository, version: await openVersion(context, repository, address.version) };
}

async function ownerAt(context: RegistryContext, principal: Principal, address: Address, action: Action) {
  if (address.kind === 'owner') return openArtifactOwner(context, principal, address.owner, address.id, action);
  await versionAt(context, principal, address);
  throw new CordonError('access.denied', 'the files of a version are frozen: register a new version');
}
