import { expect, test } from 'vitest';
import { randomFrom, sampleMatch } from '../../../test/patterns/sample-match.ts';
import { compilePatterns } from '../matching/compile.ts';
import { detect } from '../matching/detect.ts';
import { parseRegex } from '../matching/parse-regex.ts';
import { SECRET_PATTERNS } from './index.ts';

const set = compilePatterns(SECRET_PATTERNS);
const found = (text: string): string[] => detect(set, text).map(({ rule, span }) => `${rule} ${text.slice(span.start, span.end)}`);

test('at least forty providers', () => {
  expect(new Set(SECRET_PATTERNS.map(({ id }) => id)).size).toBeGreaterThan(100);
});

// Why not Cordon's own: no random sample has its checksum; its test makes real ones.
const MADE_ELSEWHERE = new Set(['secrets.private-key', 'secrets.cordon-token']);

test.each(
  SECRET_PATTERNS.filter(({ anchor, id }) => anchor !== 'context' && !MADE_ELSEWHERE.has(id)).map(
    (pattern) => [`${pattern.id}: ${pattern.title}`, pattern] as const,
  ),
)('%s', (_name, pattern) => {
  const tree = parseRegex(pattern.source);
  const random = randomFrom(pattern.title.length * 131 + pattern.source.length);
  let tried = 0;
  for (let good = 0; good < 5 && tried < 2000; tried++) {
    const value = sampleMatch(tree, random);
    if (!/^[\x20-\x7e\n]*$/.test(value) || pattern.validate?.(value) === false) continue;
    good++;
    for (const text of [`key = "${value}"`, `{"token":"${value}"}`, `KEY=${value}\n`, `see ${value} there`]) {
      const start = text.indexOf(value);
      const covered = detect(set, text).filter(({ span }) => span.start <= start && span.end > start);
      expect({ text, covered: covered.length }).toEqual({ text, covered: 1 });
    }
  }
  expect(tried).toBeLessThan(2000);
});

const A40 = 'q8Zt0LmN3vBx7Kp2RwYs5DfGh9JcA1uE4iToX6bQ';
const HEX40 = '0123abcd4567ef8901a3abcd4567ef8901b34567';

test.each([
  [`COHERE_API_KEY="${A40}"`, 'secrets.cohere-key'],
  [`cohere_api_key: ${A40}`, 'secrets.cohere-key'],
  [`WANDB_API_KEY=${HEX40}`, 'secrets.wandb-key'],
  [`os.environ["WANDB_API_KEY"] = "${HEX40}"`, 'secrets.wandb-key'],
  [`mistral: {"api_key": "${A40.slice(0, 32)}"}`, 'secrets.mistral-key'],
  [`aws_secret_access_key = ${A40}`, 'secrets.aws-secret-key'],
  ['postgres://admin:S3cr3tPw!x@db.host:5432/app', 'secrets.url-password'],
  ['mongodb+srv://root:p4ssw0rd9@cluster0.abc.mongodb.net', 'secrets.url-password'],
  ['Authorization: Bearer abcDEF123456ghiJKL789', 'secrets.authorization'],
  [`curl -H "x-api-key: ${A40}"`, 'secrets.authorization'],
  [`client_secret: '${A40.slice(0, 24)}'`, 'secrets.generic-key'],
  ['password: "hunter2!x"', 'secrets.password'],
  ['My password is Tr0ub4dor&3 please', 'secrets.password'],
])('%s', (text, rule) => {
  expect(found(text).map((line) => line.split(' ')[0])).toContain(rule);
});

test.each([
  'AKIAIOSFODNN7EXAMPLE',
  'api_key = "YOUR_API_KEY_HERE_1234567890"',
  'password = os.environ["DB_PASSWORD"]',
  'password: string;',
  'the key is important and the token limit is 4096 tokens',
  'max_new_tokens=256, secret_name="my-secret-name-1"',
  'token = tokenizer.convert_ids_to_tokens(12345)',
  'sk-learn-contrib-project-name-is-long-and-has-no-digits-at-all',
  'postgres://user:password@localhost/db',
  'https://example.com:8080/path@x',
  'api_key=xxxxxxxxxxxxxxxxxxxxxxxx',
  'key = "aaaaaaaaaaaaaaaaaaaaaaaa"',
])('not a secret: %s', (text) => {
  expect(found(text)).toEqual([]);
});

test('private keys: whole, in JSON, cut off', () => {
  const body = `${A40}${A40.toLowerCase()}\n${A40}`;
  const whole = `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----`;
  expect(found(`a ${whole} b`)).toEqual([`secrets.private-key ${whole}`]);
  const json = JSON.stringify({ type: 'service_account', private_key: whole });
  expect(found(json)).toEqual([`secrets.private-key ${whole.replaceAll('\n', '\\n')}`]);
  expect(found(`-----BEGIN PRIVATE KEY-----\n${body}`)).toHaveLength(1);
  expect(found('-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----')).toEqual([]);
});
