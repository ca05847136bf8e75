import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSecretReference, secretReference } from './secret-reference.ts';

test.each([
  ['env:OPENAI_API_KEY', 'env', 'OPENAI_API_KEY', undefined],
  ['file:/run/secrets/openai', 'file', '/run/secrets/openai', undefined],
  ['file:keys/a.pem', 'file', 'keys/a.pem', undefined],
  ['vault:secret/llm/openai#key', 'vault', 'secret/llm/openai', 'key'],
  ['aws-sm:prod/openai', 'aws-sm', 'prod/openai', undefined],
  [
    'aws-sm:arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/openai-AbCdEf#key',
    'aws-sm',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/openai-AbCdEf',
    'key',
  ],
  ['azure-kv:company/openai', 'azure-kv', 'company/openai', undefined],
  ['azure-kv:company/openai/0123456789abcdef0123456789abcdef#key', 'azure-kv', 'company/openai/0123456789abcdef0123456789abcdef', 'key'],
  ['gcp-sm:projects/p-1/secrets/openai', 'gcp-sm', 'projects/p-1/secrets/openai', undefined],
  [
    'gcp-sm:projects/p-1/locations/europe-west1/secrets/openai/versions/7',
    'gcp-sm',
    'projects/p-1/locations/europe-west1/secrets/openai/versions/7',
    undefined,
  ],
  ['k8s:cordon/openai#api-key', 'k8s', 'cordon/openai', 'api-key'],
])('%s', (text, place, name, field) => {
  expect(secretReference.parse(text)).toBe(text);
  expect(readSecretReference(text)).toEqual({ place, name, field });
});

test.each([
  'sk-proj-hunter2',
  'https://vault.example/v1/secret',
  'env:',
  'env:A-B',
  'env:A#field',
  'file:',
  'file:/a#b',
  'file:/a\nb',
  'vault:secret#key',
  'vault:secret/../sys/seal#key',
  'vault:/secret/app#key',
  'vault:secret//app#key',
  'vault:secret/app?list=true#key',
  'vault:secret',
  'vault:secret/app#',
  'vault:secret/app#a#b',
  'aws-sm:',
  'aws-sm:a b',
  'azure-kv:company',
  'azure-kv:company.evil.example/name',
  'azure-kv:company/name/latest',
  'gcp-sm:secrets/openai',
  'gcp-sm:projects/p/secrets/a/versions/../x',
  'k8s:cordon/openai',
  'k8s:Cordon/openai#k',
  'k8s:cordon/../x#k',
])('%j is refused and not quoted', (text) => {
  const { error } = secretReference.safeParse(text);
  expect(error).toBeDefined();
  expect(error?.message).not.toContain('hunter2');
  expect(() => readSecretReference(text)).toThrow(expect.objectContaining({ code: 'config.invalid' }));
});

test('no text makes a path that leads elsewhere', () => {
  const texts = fc.tuple(fc.constantFrom('vault', 'gcp-sm', 'k8s', 'azure-kv'), fc.string({ unit: fc.constantFrom(...'a/.#?%:@\\ \n-') }));
  fc.assert(
    fc.property(texts, ([place, rest]) => {
      const parsed = secretReference.safeParse(`${place}:${rest}`);
      if (!parsed.success) return;
      const { name } = readSecretReference(parsed.data);
      expect(name.split('/')).not.toContain('..');
      expect(name.split('/')).not.toContain('.');
      expect(name).not.toMatch(/[?#%\\\n]/);
    }),
  );
});
