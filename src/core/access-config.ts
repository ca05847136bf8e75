import * as z from 'zod';
import { secretReference, secretVariable } from './secret-reference.ts';

/**
 * What can be done to an object. `admin` is managing the object itself: its members, roles, settings and removal.
 * `invoke` is calling a model through the gateway, `audit` is reading the ledger and who read what.
 */
export const ACTIONS = ['read', 'write', 'delete', 'invoke', 'approve', 'promote', 'recall', 'waive', 'audit', 'admin'] as const;
export type Action = (typeof ACTIONS)[number];

/** Why a list: `none` accepts everything, and HMAC algorithms would take a public key for a shared secret. */
export const OIDC_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

const RoleName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');
const Text = z.string().min(1).max(500);

/** An identity provider whose tokens are accepted. */
export const OidcIssuer = z
  .strictObject({
    issuer: z
      .url({ protocol: /^https?$/ })
      .refine((url) => url.startsWith('https:') || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/.test(url), 'use https')
      .describe('exactly as in the tokens'),
    audience: z.array(Text).min(1).describe('a token must be meant for one of these'),
    clientId: Text.optional().describe('for the login of the console'),
    clientSecret: secretReference.optional().describe('where the client secret is kept; none: a public client with PKCE'),
    clientSecretEnv: secretVariable.optional().describe('the same as clientSecret: env:NAME'),
    scopes: z.array(Text).default(['openid', 'profile', 'email']).describe('asked for at a login; some providers need one for groups'),
    algorithms: z
      .array(z.enum(OIDC_ALGORITHMS))
      .min(1)
      .default(['RS256', 'PS256', 'ES256', 'EdDSA'])
      .describe('signatures that are accepted'),
    nameClaim: Text.default('preferred_username').describe('claim that a new principal is named after'),
    groupsClaim: Text.default('groups').describe('claim with the groups; dots descend, as in realm_access.roles'),
    groupPrefix: z.string().max(100).default('').describe('put before the names of groups; needed when there are several issuers'),
    serviceClaims: z
      .record(Text, z.array(Text).min(1))
      .default({})
      .describe('claims that make a token that of a service, with their values; *: any value'),
    personClaims: z
      .record(Text, z.array(Text).min(1))
      .optional()
      .describe('claims that the tokens of people carry, with their values; a token without one of them is that of a service'),
    clockSkewSeconds: z.int().min(0).max(300).default(60).describe('by how much clocks may differ'),
    provision: z.boolean().default(true).describe('make a principal for everybody the issuer knows; no: only those an admin made'),
  })
  .refine(
    ({ clientSecret, clientSecretEnv }) => clientSecret === undefined || clientSecretEnv === undefined,
    'give either clientSecret or clientSecretEnv',
  )
  .describe('an identity provider');
export type OidcIssuer = z.infer<typeof OidcIssuer>;

const PrincipalName = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,94}[a-z0-9])?$/, 'use the name of a principal');

/** Who presents a certificate of this name. */
export const CertificateRule = z
  .strictObject({
    san: Text.optional().describe(
      'an alternative name, such as URI:spiffe://example.org/ns/* or DNS:ci.example.org; * stands for anything',
    ),
    commonName: Text.optional().describe('common name of the subject'),
    principal: PrincipalName.describe('whoever presents it'),
  })
  .refine(({ san, commonName }) => (san === undefined) !== (commonName === undefined), 'give san or commonName')
  .describe('whose certificate it is');
export type CertificateRule = z.infer<typeof CertificateRule>;

/** Who may do what: the `access` section of cordon.yaml. */
export const AccessConfig = z
  .strictObject({
    roles: z
      .record(RoleName, z.array(z.enum(ACTIONS)).min(1))
      .default({})
      .describe('roles beside reader, contributor, approver and admin'),
    groups: z
      .record(Text, z.array(z.strictObject({ role: RoleName, on: Text.default('*').describe('namespace, namespace/name or *') })))
      .default({})
      .describe('roles of the groups of an identity provider'),
    groupsKeptDays: z.int().min(0).max(365).default(30).describe('how long after a login the groups count for tokens'),
    certificates: z
      .array(CertificateRule)
      .max(1_000)
      .default([])
      .describe('whose certificate it is that server.tls.clientCa vouches for; the first that fits'),
    proxyHeader: z
      .string()
      .regex(/^x-[a-z0-9-]{1,60}$/, 'use the name of a header in lower case that begins with x-')
      .optional()
      .describe('header in which a proxy of server.trustedProxies names the principal; it must remove it from what clients send'),
    offlineSeconds: z
      .int()
      .min(0)
      .max(60)
      .default(60)
      .describe('how long the gateway goes on with credentials it verified before when the database does not answer'),
    sessionHours: z
      .int()
      .min(1)
      .max(24 * 30)
      .default(12)
      .describe('how long a login of the console lasts'),
    oidc: z
      .array(OidcIssuer)
      .max(20)
      .default([])
      .refine((issuers) => new Set(issuers.map(({ issuer }) => issuer)).size === issuers.length, 'an issuer is listed twice')
      .refine(
        (issuers) => new Set(issuers.map(({ groupPrefix }) => groupPrefix)).size === issuers.length,
        'several issuers need different values of groupPrefix',
      ),
  })
  .describe('roles, groups and identity providers');
export type AccessConfig = z.infer<typeof AccessConfig>;
