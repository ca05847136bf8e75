import type { Answer, Asker } from '../http/ask.ts';
import { awsDomain } from './endpoint.ts';
import type { AwsIdentityProvider } from './identity.ts';
import { signed } from './sigv4.ts';

/** A service of AWS that speaks JSON 1.1. */
export interface AwsJsonService {
  readonly asker: Asker;
  readonly identity: AwsIdentityProvider;
  /** Name of the service in addresses and signatures. */
  readonly service: string;
  /** In stead of the address of the region. */
  readonly endpoint?: string | undefined;
  readonly now: () => number;
}

/** Calls an operation such as `secretsmanager.GetSecretValue`. */
export async function awsJson(
  { asker, identity, service, endpoint, now }: AwsJsonService,
  region: string,
  operation: string,
  input: object,
  signal?: AbortSignal,
): Promise<Answer> {
  const url = `${(endpoint ?? `https://${service}.${region}.${awsDomain(region)}`).replace(/\/+$/, '')}/`;
  const body = JSON.stringify(input);
  const scope = { identity: await identity(), region, service, now: new Date(now()) };
  const headers = signed(
    { method: 'POST', url, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': operation }, body },
    scope,
  );
  return asker.ask({ method: 'POST', url, headers, body, signal });
}

/** The name of an error that a service answered with, without what it says of it. */
export function awsError({ json }: Answer): string {
  const type = typeof json === 'object' && json !== null && '__type' in json ? json.__type : undefined;
  return typeof type === 'string' ? (/([A-Za-z]{1,100})$/.exec(type)?.[1] ?? 'unknown') : 'unknown';
}
