import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { Asker } from '../http/ask.ts';
import type { CachedToken } from '../http/cached-token.ts';
import { selectField } from '../secrets/select-field.ts';
import type { SecretSource } from '../secrets/secret-source.ts';

const Answer = z.object({ payload: z.object({ data: z.base64() }) });
const GLOBAL = 'https://secretmanager.googleapis.com';

/** Secrets of Google Secret Manager (`gcp-sm:projects/...`), newest version unless one is named. */
export function secretManagerSource(asker: Asker, token: CachedToken, endpoint: string): SecretSource {
  return {
    async read({ name, field }, signal) {
      const location = /\/locations\/([^/]+)\//.exec(name)?.[1];
      const base = endpoint === GLOBAL && location !== undefined ? `https://secretmanager.${location}.rep.googleapis.com` : endpoint;
      const version = name.includes('/versions/') ? name : `${name}/versions/latest`;
      const url = `${base.replace(/\/+$/, '')}/v1/${version}:access`;
      const { status, json } = await asker.ask({
        method: 'GET',
        url,
        headers: { authorization: `Bearer ${await token.get(signal)}` },
        signal,
      });
      const full = `gcp-sm:${name}`;
      if (status === 401) token.forget();
      if (status === 404) throw new CordonError('secret.missing', `${full} does not exist`);
      const answer = Answer.safeParse(json);
      if (status !== 200 || !answer.success)
        throw new CordonError('secret.unavailable', `${full}: the manager answers with status ${status}`);
      return { bytes: selectField(Buffer.from(answer.data.payload.data, 'base64'), field, full) };
    },
  };
}
