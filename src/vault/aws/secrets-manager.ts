import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { selectField } from '../secrets/select-field.ts';
import type { SecretSource } from '../secrets/secret-source.ts';
import { awsError, awsJson, type AwsJsonService } from './aws-json.ts';
import { awsRegion } from './endpoint.ts';

const Answer = z.object({ SecretString: z.string().optional(), SecretBinary: z.base64().optional() });

/** Secrets of AWS Secrets Manager (`aws-sm:ID#field`), current version. */
export function secretsManagerSource(
  access: Omit<AwsJsonService, 'service'>,
  region: string | undefined,
  env: NodeJS.ProcessEnv,
): SecretSource {
  return {
    async read({ name: id, field }, signal) {
      const input = { SecretId: id };
      const answer = await awsJson(
        { ...access, service: 'secretsmanager' },
        awsRegion(id, region, env),
        'secretsmanager.GetSecretValue',
        input,
        signal,
      );
      const name = `aws-sm:${id}`;
      if (answer.status !== 200) {
        const error = awsError(answer);
        // A secret that is scheduled for deletion is an InvalidRequestException.
        const isGone = error === 'ResourceNotFoundException' || error === 'InvalidRequestException';
        throw new CordonError(isGone ? 'secret.missing' : 'secret.unavailable', `${name}: ${error} (status ${answer.status})`);
      }
      const parsed = Answer.safeParse(answer.json);
      const { SecretString: text, SecretBinary: binary } = parsed.success ? parsed.data : {};
      if (text === undefined && binary === undefined)
        throw new CordonError('secret.unavailable', `${name}: the answer is not as documented`);
      return { bytes: selectField(text === undefined ? Buffer.from(binary ?? '', 'base64') : Buffer.from(text), field, name) };
    },
  };
}
