import { resolve } from 'node:path';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { Asker } from '../http/ask.ts';
import { readSecretFile } from '../secrets/file.ts';
import type { SecretSource } from '../secrets/secret-source.ts';

const Answer = z.object({ data: z.record(z.string(), z.string()).nullish() });

export interface KubernetesOptions {
  readonly asker: Asker;
  readonly server: string;
  readonly tokenFile: string;
}

/** Secrets of Kubernetes from its API server (`k8s:namespace/name#key`). */
export function kubernetesSource({ asker, server, tokenFile }: KubernetesOptions): SecretSource {
  return {
    async read({ name, field = '' }, signal) {
      const [namespace = '', secret = ''] = name.split('/');
      // Why read each time: the kubelet replaces it.
      const token = (await readSecretFile(tokenFile, 'the token of the service account')).toString().trim();
      const url = `${server.replace(/\/+$/, '')}/api/v1/namespaces/${namespace}/secrets/${secret}`;
      const { status, json } = await asker.ask({ method: 'GET', url, headers: { authorization: `Bearer ${token}` }, signal });
      const full = `k8s:${name}`;
      if (status === 404) throw new CordonError('secret.missing', `${full} does not exist`);
      const answer = Answer.safeParse(json);
      if (status !== 200 || !answer.success)
        throw new CordonError('secret.unavailable', `${full}: the API server answers with status ${status}`);
      const data = answer.data.data ?? {};
      const value = Object.hasOwn(data, field) ? data[field] : undefined;
      if (!value) throw new CordonError('secret.missing', `${full} has no key ${field}`);
      return { bytes: Buffer.from(value, 'base64') };
    },
  };
}

/** Secrets of Kubernetes that are mounted at `folder/namespace/name/key`. */
export function mountedSource(folder: string): SecretSource {
  return {
    pollMs: 5_000,
    read: async ({ name, field = '' }) => ({ bytes: await readSecretFile(resolve(folder, name, field), `k8s:${name}#${field}`) }),
  };
}
