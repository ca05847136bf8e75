import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EgressRule } from '../../core/tool-policy.ts';
import { addressProblem, egressCheck } from './egress/egress.ts';
import { findAddresses } from './egress/find-addresses.ts';
import { pathProblem } from './paths/path-problem.ts';
import { wordsProblem } from './shell/shell.ts';
import { shellWords } from './shell/words.ts';
import { sqlProblem } from './sql/sql.ts';
import { argumentTree } from './values/argument-tree.ts';
import { linearRegex } from './values/linear-regex.ts';

const EGRESS = EgressRule.parse({ domains: ['example.com', '*.cdn.example.net', 'xn--mnchen-3ya.example'], ports: [8443] });

test.each([
  'https://example.com/a?b=1',
  'HTTPS://EXAMPLE.COM:443/',
  'https://example.com:8443/x',
  'example.com/path',
  'https://a.b.cdn.example.net/',
  'https://münchen.example/',
  'https://example.com./',
  'ann@example.com',
  'Ann <ann@example.com>',
  'https://example.com/go?next=https%3A%2F%2Fexample.com%2Fb',
  'https://example.com/?file=report.v2',
])('%s may be reached', (address) => {
  expect(addressProblem(address, EGRESS)).toBeUndefined();
});

test.each([
  'https://evil.example/',
  'http://example.com/',
  'https://example.com:22/',
  'https://example.com@evil.example/',
  'https://example.com%40evil.example/',
  'https://evil.example\\@example.com/',
  'https:example.com',
  'https:/\\evil.example',
  '//evil.example',
  'https://example.com.evil.example/',
  'https://cdn.example.net.evil.example/',
  'https://notcdn.example.net/',
  'https://ехample.com/',
  'https://ｅxample.com/',
  'https://example。com/',
  'https://exam\u200bple.com/',
  'https://example.com\t.evil.example',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://①②⑦.0.0.1/',
  'file:///etc/passwd',
  'data:text/html,x',
  'javascript:alert(1)',
  'gopher://example.com/',
  'https://example.com/go?next=https%3A%2F%2Fevil.example',
  'https://example.com/go?next=https%253A%252F%252Fevil.example',
  'https://example.com/go?url=evil.example/x',
  'https://example.com//evil.example',
  'https://example.com/https://evil.example',
  'https://example.com/#https://evil.example',
  `https://example.com/?d=${'x'.repeat(600)}`,
  'ann@evil.example',
  'ann@example.com@evil.example',
  '"ann@example.com"@evil.example',
  'ann@example.com <eve@evil.example>',
  'ann@example.com\r\nBcc: eve@evil.example',
  'ann@[127.0.0.1]',
  '',
])('%j must not be reached', (address) => {
  expect(addressProblem(address, EGRESS)).toBeTypeOf('string');
});

test('public addresses pass only where the rule says so, private ones never', () => {
  const open = { ...EGRESS, addresses: true };
  expect(addressProblem('https://93.184.216.34/', open)).toBeUndefined();
  expect(addressProblem('https://[2606:2800:220:1::1]/', open)).toBeUndefined();
  for (const host of [
    '10.0.0.1',
    '100.64.1.1',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '0.0.0.0',
    '[fd00::1]',
    '[fe80::1]',
    '[2002:7f00:1::]',
    '[2001::1]',
    '[::]',
  ]) {
    expect([host, addressProblem(`https://${host}/`, open)]).toEqual([host, expect.any(String)]);
  }
});

test('addresses are found anywhere in the arguments, also in JSON in a string', () => {
  const check = egressCheck(EGRESS);
  const problems = (value: unknown): number => {
    const tree = argumentTree(value);
    return 'problem' in tree ? -1 : check(tree.root).length;
  };
  expect(problems({ text: 'see https://example.com/a, or mail ann@example.com.' })).toBe(0);
  expect(problems({ file: 'notes', deep: [{ x: '![](https://evil.example/p?d=1)' }] })).toBe(1);
  expect(problems({ payload: JSON.stringify({ a: JSON.stringify({ to: 'eve@evil.example' }) }) })).toBeGreaterThan(0);
  expect(problems({ host: 'evil.example' })).toBe(1);
});

const UNIX = { roots: ['/work', '/tmp/x'], deny: ['**/.git/**', '*.pem'] };
test.each(['a.txt', '/work/a/b.txt', './a/./b', '/tmp/x/y', 'ä/ö.txt', 'a b.txt', '/work'])('the path %s may be touched', (path) => {
  expect(pathProblem(path, UNIX)).toBeUndefined();
});
test.each([
  '',
  '/etc/passwd',
  '/work2/a',
  '/workspace',
  '../a',
  'a/../../b',
  'a/../b',
  '/work/../etc',
  '%2e%2e/a',
  'a%2fb',
  '%252e%252e/x',
  'a\\..\\b',
  'C:\\x',
  'c:/x',
  '\\\\host\\share',
  '//host/share',
  'file:///work/a',
  '~/a',
  '$HOME/a',
  '${HOME}',
  '%APPDATA%',
  'a\u0000.txt',
  'a\nb',
  '．．/a',
  '‥/a',
  'a／b',
  'a\u202e',
  '/proc/self/root/work',
  'a:stream',
  'CON',
  'sub/nul.txt',
  'a./b',
  'a /b',
  'x/.git/config',
  'x/.GIT/config',
  'KEY.PEM',
  '-rf',
  '*',
  ' a',
  '/tmp',
])('the path %j must not be touched', (path) => {
  expect(pathProblem(path, UNIX)).toBeTypeOf('string');
});

test('Windows roots are compared without regard to case and slashes', () => {
  const windows = { roots: ['C:\\Users\\me\\work'], deny: [] };
  expect(pathProblem('c:/users/ME/work/a.txt', windows)).toBeUndefined();
  expect(pathProblem('sub\\a.txt', windows)).toBeUndefined();
  for (const path of [
    'C:a.txt',
    'D:\\x',
    '\\\\?\\C:\\Users\\me\\work\\a',
    '\\\\host\\c$\\x',
    'a.txt:zone',
    'sub\\..\\..\\x',
    'C:\\Users\\me\\work2',
    'aux.txt',
  ]) {
    expect([path, pathProblem(path, windows)]).toEqual([path, expect.any(String)]);
  }
});

const SELECT = { verbs: ['select'], tables: ['orders', 'public.customers'], functions: [] };
test.each([
  'SELECT * FROM orders',
  "select o.id, count(*) from orders as o join public.customers c on c.id = o.c where o.name = 'it''s; DROP TABLE x' group by 1;",
  '-- report\nSELECT max(total) /* of all */ FROM orders LIMIT 5',
  'WITH a AS (SELECT id FROM orders), b (x) AS (SELECT 1) SELECT * FROM a, b',
  'SELECT * FROM (SELECT id FROM orders) t WHERE t.id IN (1, 2)',
  "SELECT extract(year FROM created), replace(name, 'a', 'b') FROM orders",
  '(SELECT 1) UNION ALL (SELECT 2)',
])('%s may run', (sql) => {
  expect(sqlProblem(sql, SELECT)).toBeUndefined();
});
test.each([
  '',
  ';',
  'DELETE FROM orders',
  'SELECT 1; SELECT 2',
  'SELECT 1;DROP TABLE orders',
  'WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x',
  'WITH x AS (SELECT 1) UPDATE orders SET a = 1',
  'SELECT * INTO t FROM orders',
  'SELECT * FROM orders FOR UPDATE',
  'EXPLAIN ANALYZE DELETE FROM orders',
  'select/**/1;/**/drop/**/table orders',
  "SELECT 1 /*!50000 INTO OUTFILE 'x' */",
  'SELECT /* /* */ 1',
  "SELECT 'a\\'; DROP TABLE orders; -- '",
  'SELECT $$a$$',
  'SELECT 1 # x\n; DROP',
  'SELECT [a] FROM orders',
  'SELECT pg_sleep(9)',
  'SELECT "pg_read_file"(\'x\')',
  'SELECT public.f(1)',
  "SELECT load_file('x')",
  'SELECT * FROM secrets',
  'SELECT * FROM orders, secrets',
  'SELECT * FROM orders o, lateral secrets',
  'SELECT * FROM "secrets"',
  'SELECT * FROM pg_catalog.orders',
  'SELECT 1 FROM orders JOIN secrets ON true',
  'TABLE secrets',
  'CALL f()',
  "SELECT 'unfinished",
  'SEL\u200bECT 1',
  'PRAGMA x',
  'SELECT * FROM orders WHERE a IN (SELECT x FROM secrets)',
  "SELECT set_config('a','b',false)",
])('%j must not run', (sql) => {
  expect(sqlProblem(sql, SELECT)).toBeTypeOf('string');
});
test('an insert is one where inserting is allowed, and nothing else', () => {
  const insert = { verbs: ['insert'], tables: ['orders'], functions: [] };
  expect(sqlProblem("INSERT INTO orders (a, b) VALUES (1, 'x')", insert)).toBeUndefined();
  for (const sql of [
    'INSERT INTO secrets (a) VALUES (1)',
    'DELETE FROM orders',
    'WITH x AS (DELETE FROM orders) INSERT INTO orders (a) VALUES (1)',
    'SELECT 1',
  ]) {
    expect([sql, sqlProblem(sql, insert)]).toEqual([sql, expect.any(String)]);
  }
});

const PROGRAMS = [
  { name: 'git', subcommands: ['status', 'log'], flags: ['--stat', '-n', '--max=*'], maxArguments: 4 },
  { name: 'grep', maxArguments: 100 },
];
function commandProblem(command: string): string | undefined {
  const read = shellWords(command);
  return 'problem' in read ? read.problem : wordsProblem(read.words, PROGRAMS);
}
test.each(['git status', 'git log --stat -n 3', "grep 'a|b;$(x)' file.txt", 'grep "two words" a.txt', 'git log --max=3', 'git log HEAD~1'])(
  '%s may run',
  (command) => {
    expect(commandProblem(command)).toBeUndefined();
  },
);
test.each([
  '',
  'rm -rf x',
  '/usr/bin/git status',
  'git push',
  'git -c a=b status',
  'git log --output=x',
  'git log --max=1 -p',
  'git status;id',
  'git status && id',
  'git status | sh',
  'git status > x',
  'git log `id`',
  'git log $(id)',
  'git log ${IFS}',
  'grep "$(id)" x',
  'grep "`id`" x',
  'A=b git status',
  'git status\nid',
  'git status \\\n',
  "grep 'x",
  'git log *',
  'git log {a,b}',
  'git log ~root',
  'git log a b c d',
  'GIT status',
  'git status #x',
  'git log !1',
  'git\u00a0status',
])('%j must not run', (command) => {
  expect(commandProblem(command)).toBeTypeOf('string');
});

test('no check ever throws, and all are quick, on any text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          'https://',
          'a',
          '.',
          '@',
          '/',
          '\\',
          '%2e',
          '..',
          "'",
          '"',
          '(',
          ')',
          'select ',
          'from ',
          'with ',
          ' as ',
          ',',
          ';',
          '--',
          '/*',
          '*/',
          '$$',
          '[',
          '{',
          '\u202e',
          '\ud800',
          '例',
          '0x',
          ':',
          '?',
          '#',
          '&u=',
          '\n',
          '-',
        ),
      )
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (value) => {
      addressProblem(value, EGRESS);
      findAddresses(value);
      pathProblem(value, UNIX);
      pathProblem(value, { roots: ['C:\\x'], deny: ['**'] });
      sqlProblem(value, SELECT);
      commandProblem(value);
      argumentTree({ value });
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  ['https://' + 'a.'.repeat(50_000)],
  ['select ' + '('.repeat(90_000)],
  ['select ' + 'from('.repeat(18_000)],
  ['a@'.repeat(50_000)],
  ['/'.repeat(100_000)],
  ['//a'.repeat(30_000)],
  ["'".repeat(100_000)],
  ['--\n'.repeat(30_000)],
])('long hostile text takes no long time', (value) => {
  const before = performance.now();
  addressProblem(value, EGRESS);
  findAddresses(value);
  pathProblem(value, UNIX);
  sqlProblem(value, SELECT);
  commandProblem(value);
  expect(performance.now() - before).toBeLessThan(2_000);
});

test('regular expressions of a policy mean what they mean in JavaScript, in linear time', () => {
  const source = fc.constantFrom(
    'a+b',
    '(?:a|b)*c',
    '[a-c]{2,4}',
    'a?b?c?',
    '(?:ab){1,3}',
    '\\d+(?:\\.\\d{2})?',
    'a*b*',
    '.',
    '[^a]+',
    '\\bab\\b',
  );
  fc.assert(
    fc.property(source, fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '.', ' '), maxLength: 8 }), (pattern, text) => {
      const compiled = linearRegex(pattern);
      expect(compiled.matches(text)).toBe(new RegExp(`^(?:${pattern})$`).test(text));
      expect(compiled.occursIn(text)).toBe(new RegExp(pattern).test(text));
    }),
    { numRuns: 2_000 },
  );
  expect(linearRegex('(?:a+)+b').matches('a'.repeat(20_000))).toBe(false);
  expect(() => linearRegex('(a)\\1')).toThrow('is refused');
  expect(() => linearRegex('(?:a{1000}){1000}')).toThrow('too large');
});
