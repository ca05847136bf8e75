import { CordonError } from '../../../core/errors.ts';
import type { Authorization, OutgoingRequest } from '../adapter.ts';
import { awsDomain } from '../../../vault/aws/endpoint.ts';
import { signed } from '../../../vault/aws/sigv4.ts';

/** The place of a service. */
export interface AwsService {
  readonly url: string | undefined;
  readonly region: string;
  /** First label of the host name. */
  readonly host: string;
  /** Name that signatures are for. */
  readonly service: string;
}

/** A signed POST of JSON. */
export function awsRequest(
  { url, region, host, service }: AwsService,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: object,
  { aws, now }: Authorization,
): OutgoingRequest {
  if (aws === undefined) throw new CordonError('config.invalid', 'there are no AWS credentials');
  const target = `${(url ?? `https://${host}.${region}.${awsDomain(region)}`).replace(/\/$/, '')}${path}`;
  const text = JSON.stringify(body);
  return {
    url: target,
    headers: signed({ method: 'POST', url: target, headers, body: text }, { identity: aws, region, service, now }),
    body: text,
  };
}
