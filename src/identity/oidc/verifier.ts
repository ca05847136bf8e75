import { createRemoteJWKSet, customFetch, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { OidcIssuer } from '../../core/access-config.ts';
import { CordonError } from '../../core/errors.ts';
import { secretHash } from '../tokens/secret.ts';
import { type OidcSubject, subjectOf } from './claims.ts';
import { boundedFetch, discover, type Discovery } from './discovery.ts';

/** Why: a token with an unknown key makes us ask for new keys; nobody may make us ask more often than this. */
const COOLDOWN_MS = 30_000;
/** Why: keys that the issuer withdrew are forgotten after this time. */
const KEYS_KEPT_MS = 10 * 60_000;
/** Why: verifying costs 0.1 ms of CPU, and clients send the same token over and over. */
const VERIFIED_KEPT_MS = 60_000;
const VERIFIED_MAX = 10_000;
/** OpenID Connect Core 1.0, section 2: at most 255 characters. */
const MAX_SUBJECT = 255;
/** Kinds of JWT that are meant to be presented: not logout tokens, DPoP proofs or anything else the issuer signs. */
const TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);

interface Provider extends Discovery {
  readonly keys: JWTVerifyGetKey;
}

/** Verifies tokens of one identity provider; keeps its keys and what was verified a moment ago. */
export class OidcVerifier {
  readonly config: OidcIssuer;
  readonly #cooldownMs: number;
  readonly #verified = new Map<string, { readonly subject: OidcSubject; readonly until: number }>();
  #provider: Promise<Provider> | undefined;
  #failedAt = 0;

  constructor(config: OidcIssuer, options: { readonly cooldownMs?: number } = {}) {
    this.config = config;
    this.#cooldownMs = options.cooldownMs ?? COOLDOWN_MS;
  }

  /** Verifies a token that was presented to Cordon; throws with the reason when it is not good. */
  async verify(token: string, now: number): Promise<OidcSubject> {
    const key = secretHash(token);
    const known = this.#verified.get(key);
    if (known !== undefined && known.until > now) return known.subject;
    const claims = await this.verifyJwt(token, this.config.audience, now);
    const subject = subjectOf(claims, this.config);
    if (this.#verified.size >= VERIFIED_MAX) this.#verified.delete(this.#verified.keys().next().value!);
    this.#verified.delete(key);
    this.#verified.set(key, { subject, until: Math.min(now + VERIFIED_KEPT_MS, subject.expiresAt) });
    return subject;
  }

  /** Checks signature, issuer, audience and times of a JWT. */
  async verifyJwt(token: string, audience: readonly string[], now: number): Promise<JWTPayload> {
    const { keys } = await this.provider(now);
    const skew = this.config.clockSkewSeconds;
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: this.config.issuer,
      audience: [...audience],
      algorithms: [...this.config.algorithms],
      clockTolerance: skew,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    if (!TYPES.has(protectedHeader.typ?.toLowerCase())) throw new CordonError('request.invalid', 'a JWT of this type is not a credential');
    if (payload.iat! * 1000 > now + skew * 1000) throw new CordonError('request.invalid', 'the token was issued in the future');
    // Why checked: libraries only see that the claim is there, and a number would be found as the text of another subject.
    if (typeof payload.sub !== 'string' || payload.sub === '' || payload.sub.length > MAX_SUBJECT) {
      throw new CordonError('request.invalid', 'the subject of the token cannot be used');
    }
    return payload;
  }

  /** The provider's endpoints and keys, asked for once; after a failure again, but not at once. */
  async provider(now: number): Promise<Provider> {
    if (this.#provider === undefined) {
      if (now - this.#failedAt < this.#cooldownMs)
        throw new CordonError('network.refused', `${this.config.issuer} did not answer a moment ago`);
      this.#provider = this.#discover();
      this.#provider.catch(() => {
        this.#provider = undefined;
        this.#failedAt = now;
      });
    }
    return await this.#provider;
  }

  async #discover(): Promise<Provider> {
    const discovery = await discover(this.config.issuer);
    const keys = createRemoteJWKSet(new URL(discovery.jwks_uri), {
      cooldownDuration: this.#cooldownMs,
      cacheMaxAge: KEYS_KEPT_MS,
      [customFetch]: async (url, { headers }) => await boundedFetch(url, { headers }),
    });
    return { ...discovery, keys };
  }
}
