import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fulcioHandler, type HandlerFn, initializeCA, initializeTLog, initializeTSA, tsaHandler } from '@sigstore/mock';
import { makeCtLog } from './ct-log.ts';

/** A private Sigstore instance on this machine: certification authority, transparency log, time-stamping authority. */
export interface SigstoreServices {
  readonly url: string;
  /** Its `trusted_root.json`. */
  readonly trustedRoot: Buffer;
  close(): Promise<void>;
}

/**
 * Starts the services. `clock` is what they believe the time is: whole seconds, because readers differ on
 * fractions of them, and a little ahead, so that the certificates that are made now are valid then.
 */
export async function startSigstore(clock: Date = new Date(Math.floor(Date.now() / 1000) * 1000 + 2000)): Promise<SigstoreServices> {
  const routes = new Map<string, HandlerFn>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const handler = routes.get(request.url ?? '');
      if (handler === undefined) return void response.writeHead(404).end();
      const sent = Buffer.concat(chunks).toString();
      void handler(request.url === SIGNING_PATH ? withIdentity(sent, request.headers.authorization) : sent).then(
        ({ statusCode, response: body, contentType = 'text/plain' }) =>
          response.writeHead(statusCode, { 'content-type': contentType }).end(body),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [caKey, ctKey, logKey, tsaKey] = [newKey(), newKey(), newKey(), newKey()];
  const ctLog = makeCtLog(ctKey.privateKey);
  const ca = await initializeCA(caKey, ctLog, clock);
  const tlog = await initializeTLog(url, logKey, clock);
  const tsa = await initializeTSA(tsaKey, clock);
  for (const { path, fn } of [fulcioHandler(ca, { strict: true }), logHandler(tlog), tsaHandler(tsa)]) routes.set(path, fn);
  // Some clients ask who issues tokens although they were given one.
  const issuer = JSON.stringify({ authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` });
  routes.set('/.well-known/openid-configuration', async () => ({ statusCode: 200, response: issuer, contentType: 'application/json' }));
  return {
    url,
    trustedRoot: rootOf({ url, ca: ca.rootCertificate, ctKey, logKey, tsa: [tsa.intCertificate, tsa.rootCertificate] }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const SIGNING_PATH = '/api/v2/signingCert';

/** Why: some clients send the token as a header and the request for the certificate in base64; the services of `@sigstore/mock` want neither. */
function withIdentity(body: string, authorization: string | undefined): string {
  const json = JSON.parse(body) as { credentials?: object; certificateSigningRequest?: string };
  const { certificateSigningRequest: request } = json;
  if (authorization !== undefined) json.credentials = { oidcIdentityToken: authorization.replace(/^Bearer /, '') };
  if (request !== undefined && !request.startsWith('-----')) json.certificateSigningRequest = Buffer.from(request, 'base64').toString();
  return JSON.stringify(json);
}

/** An OIDC token as the certification authority reads it; nobody checks its signature here. */
export function identityToken(subject: string, issuer: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const times = { iat: Math.floor(Date.now() / 1000), exp: Math.floor(Date.now() / 1000) + 600 };
  return `${part({ alg: 'ES256', typ: 'JWT' })}.${part({ iss: issuer, sub: subject, aud: 'sigstore', email: subject, email_verified: true, ...times })}.AA`;
}

function newKey(): KeyPairKeyObjectResult {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

interface RootParts {
  readonly url: string;
  readonly ca: Buffer;
  readonly ctKey: KeyPairKeyObjectResult;
  readonly logKey: KeyPairKeyObjectResult;
  readonly tsa: readonly Buffer[];
}

function rootOf({ url, ca, ctKey, logKey, tsa }: RootParts): Buffer {
  const certificates = (ders: readonly Buffer[]) => ({ certificates: ders.map((der) => ({ rawBytes: der.toString('base64') })) });
  const validFor = { start: '2020-01-01T00:00:00Z' };
  return Buffer.from(
    JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logOf(url, logKey)],
      certificateAuthorities: [{ uri: url, certChain: certificates([ca]), validFor }],
      ctlogs: [logOf(url, ctKey)],
      timestampAuthorities: [{ uri: url, certChain: certificates(tsa), validFor }],
    }),
  );
}

function logOf(baseUrl: string, { publicKey }: KeyPairKeyObjectResult): object {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: spki.toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor: { start: '2020-01-01T00:00:00Z' } },
    logId: { keyId: createHash('sha256').update(spki).digest('base64') },
  };
}

function spelled(verifier: string): string {
  return Buffer.from(new X509Certificate(Buffer.from(verifier, 'base64')).toString()).toString('base64');
}

interface ProposedDsse {
  readonly spec: { readonly proposedContent: { readonly envelope: string; readonly verifiers: readonly string[] } };
}

/** A log keeps hashes of what was proposed, not the envelope; the log of `@sigstore/mock` keeps what it gets. */
function logHandler(tlog: Awaited<ReturnType<typeof initializeTLog>>): { path: string; fn: HandlerFn } {
  const sha256 = (value: string | Buffer): object => ({ algorithm: 'sha256', value: createHash('sha256').update(value).digest('hex') });
  return {
    path: '/api/v1/log/entries',
    async fn(body) {
      const { envelope, verifiers } = (JSON.parse(body) as ProposedDsse).spec.proposedContent;
      const { payload, signatures } = JSON.parse(envelope) as { payload: string; signatures: { sig: string }[] };
      const entry = {
        apiVersion: '0.0.1',
        kind: 'dsse',
        spec: {
          envelopeHash: sha256(envelope),
          payloadHash: sha256(Buffer.from(payload, 'base64')),
          // Certificates are kept in one spelling, whatever it was when they were proposed.
          signatures: signatures.map(({ sig }, index) => ({ signature: sig, verifier: spelled(verifiers[index] ?? '') })),
        },
      };
      return { statusCode: 201, response: JSON.stringify(await tlog.log(entry)), contentType: 'application/json' };
    },
  };
}
