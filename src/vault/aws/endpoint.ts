import { CordonError } from '../../core/errors.ts';

/** The domain that the services of a region are under. */
export function awsDomain(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** The region to ask: of an ARN, else the one given, else of the environment. Throws `config.invalid`. */
export function awsRegion(id: string, given: string | undefined, env: NodeJS.ProcessEnv): string {
  const region = /^arn:[a-z0-9-]+:[a-z0-9-]+:([a-z0-9-]+):/.exec(id)?.[1] ?? given ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (region === undefined || !/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region))
    throw new CordonError('config.invalid', 'no region of AWS is known: set AWS_REGION, or use an ARN');
  return region;
}
