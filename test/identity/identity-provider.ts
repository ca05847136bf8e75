import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
// oxlint-disable-next-line import/no-named-as-default
import Provider from 'oidc-provider';

/** A real identity provider on a loopback port, whose keys can be changed while it runs. */
export interface TestProvider {
  readonly issuer: string;
  readonly audience: string;
  /** Requests for its keys so far. */
  readonly keyRequests: () => number;
  /** Replaces the signing key, as a rotation does. */
  rotate(): Promise<void>;
  /** Signs any claims with the provider's current key. */
  sign(claims: object, header?: object): Promise<string>;
  /** A token by client credentials, from the token endpoint. */
  clientCredentials(client?: string): Promise<string>;
  publicKey(): JWK;
  close(): Promise<void>;
}

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

export const REDIRECT = 'http://127.0.0.1:9/callback';
const AUDIENCE = 'https://cordon.example';

/** Starts it for a console at this address. People log in as whoever they say they are, at once. */
export async function startProvider(redirect = REDIRECT): Promise<TestProvider> {
  let current: Provider | undefined;
  let requests = 0;
  const server: Server = createServer((request, response) => {
    if (request.url === '/jwks') requests++;
    void (request.url?.startsWith('/interaction') === true ? login(current!, request, response) : current!.callback()(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let key: { jwk: JWK; privateKey: PrivateKey };
  let number = 0;
  async function rotate(): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), kid: `key-${++number}`, alg: 'RS256', use: 'sig' };
    key = { jwk, privateKey };
    current = makeProvider(issuer, jwk, redirect);
  }
  await rotate();
  return {
    issuer,
    audience: AUDIENCE,
    keyRequests: () => requests,
    rotate,
    sign: (claims, header) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: key.jwk.kid!, ...header }).sign(key.privateKey),
    clientCredentials: async (client = 'ci') => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client}:${client}-secret`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE, scope: 'models' }),
      });
      return ((await response.json()) as { access_token: string }).access_token;
    },
    publicKey: () => ({ kty: 'RSA', n: key.jwk.n!, e: key.jwk.e!, kid: key.jwk.kid! }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function login(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  await provider.interactionFinished(request, response, { login: { accountId: params.login_hint ?? 'nobody' } });
}

/** What a browser does with the address of a login: follows redirects with cookies, up to the one back to Cordon. */
export async function browse(address: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  for (let at = address; ;) {
    if (at.startsWith(REDIRECT)) return new URL(at).searchParams;
    const response = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      cookies.set(name!, value!);
    }
    const next = response.headers.get('location');
    if (next === null) throw new Error(`${response.status} ${await response.text()}`);
    at = new URL(next, at).href;
  }
}

function makeProvider(issuer: string, jwk: JWK, redirect: string): Provider {
  return new Provider(issuer, {
    jwks: { keys: [jwk] },
    clients: [
      { client_id: 'ci', client_secret: 'ci-secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
      {
        client_id: 'console',
        client_secret: 'console-secret',
        redirect_uris: [redirect],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    cookies: { keys: ['only for tests'] },
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email'] },
    scopes: ['openid', 'profile', 'email', 'models'],
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: 'models', audience: AUDIENCE, accessTokenFormat: 'jwt' }),
      },
    },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id.toUpperCase(), email: `${id}@example.com`, groups: ['ml-team', `${id}-group`] }),
    }),
    loadExistingGrant: async (context) => {
      const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    interactions: { url: () => '/interaction' },
  });
}
