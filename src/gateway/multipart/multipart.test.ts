import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { bytesOf, type Spool } from '../spool/spool.ts';
import { Spools } from '../spool/spools.ts';
import { readForm } from './form-body.ts';
import { newBoundary, type Part, parseMultipart, writeMultipart } from './multipart.ts';

const TYPE = 'multipart/form-data; boundary=b';
const field = (name: string, value: string): string => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const END = '--b--\r\n';

const spools = new Spools(join(tmpdir(), `cordon-multipart-${process.pid}`), 100_000_000);

async function spooled(bytes: Buffer): Promise<Spool> {
  const spool = spools.open('ann');
  for (let at = 0; at < bytes.length; at += 50_000) await spool.write(bytes.subarray(at, at + 50_000));
  return spool;
}

/** A form in memory, and every content as bytes. */
async function parse(bytes: Buffer, type: string | undefined) {
  const spool = await spooled(bytes);
  try {
    const parts = await parseMultipart(spool, type);
    return await Promise.all(
      parts.map(async ({ content, ...part }) => ({ ...part, bytes: Buffer.isBuffer(content) ? content : await bytesOf(content) })),
    );
  } finally {
    await spool.close();
  }
}

async function read(text: string, type = TYPE): Promise<readonly (readonly [string, string])[]> {
  return (await parse(Buffer.from(text, 'latin1'), type)).map(({ name, bytes }) => [name, bytes.toString('latin1')]);
}

test('a form is read, and what is written is read the same', async () => {
  expect(await read(field('a', '1') + field('b[]', 'x\r\n-- y') + field('b[]', '') + END)).toEqual([
    ['a', '1'],
    ['b[]', 'x\r\n-- y'],
    ['b[]', ''],
  ]);
  const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,20}$/).filter((one) => one !== '_charset_');
  const part = fc.record({ name, isFile: fc.boolean(), text: fc.string({ unit: 'binary' }), file: fc.stringMatching(/^[\w .äö-]{0,30}$/) });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(part, { selector: (one) => one.name, maxLength: 10, minLength: 1 }), fc.nat(3), async (list, times) => {
      const parts = list.map((one): Part => ({
        name: one.name,
        filename: one.isFile ? one.file : undefined,
        type: one.isFile ? 'audio/wav' : undefined,
        // Why long ones too: they are read from the disk, and boundaries stand between pieces.
        content: Buffer.from(
          Buffer.from(one.text)
            .toString('utf8')
            .repeat(one.isFile ? 10 ** times * 5 : 1),
        ),
      }));
      const boundary = newBoundary();
      const written = await bytesOf(writeMultipart(parts, boundary));
      expect(writeMultipart(parts, boundary).length).toBe(written.length);
      const expected = parts.map(({ content, ...other }) => ({ ...other, bytes: content }));
      expect(await parse(written, `multipart/form-data; boundary=${boundary}`)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test.each([
  ['something before the first part', `x${field('a', '1')}${END}`],
  ['a preamble line', `preamble\r\n${field('a', '1')}${END}`],
  ['something after the end', `${field('a', '1')}${END}x`],
  ['a second form after the end', `${field('a', '1')}${END}${field('a', '2')}${END}`],
  ['no end', field('a', '1')],
  ['an end without its dashes', `${field('a', '1')}--b\r\n`],
  ['a boundary that goes on', `--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--bc\r\n\r\n2\r\n${END}`],
  ['blanks behind a boundary', `--b \r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n${END}`],
  ['lines that end with LF alone', field('a', '1').replaceAll('\r\n', '\n') + END],
  ['a part without headers', `--b\r\n\r\n1\r\n${END}`],
  ['a field that comes twice', field('model', 'a') + field('model', 'b') + END],
  ['two names', `--b\r\nContent-Disposition: form-data; name="a"; name="b"\r\n\r\n1\r\n${END}`],
  [
    'a name of the file in two ways',
    `--b\r\nContent-Disposition: form-data; name="a"; filename="x"; filename*=UTF-8''y\r\n\r\n1\r\n${END}`,
  ],
  ['an escaped quote', `--b\r\nContent-Disposition: form-data; name="a\\"; filename=\\"x"\r\n\r\n1\r\n${END}`],
  ['another disposition', `--b\r\nContent-Disposition: attachment; name="a"\r\n\r\n1\r\n${END}`],
  ['a disposition twice', `--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"\r\n\r\n1\r\n${END}`],
  ['a folded header', `--b\r\nContent-Disposition: form-data;\r\n name="a"\r\n\r\n1\r\n${END}`],
  ['an encoding', `--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==\r\n${END}`],
  [
    'a form in a form',
    `--b\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n${END}`,
  ],
  ['a name of a character set', field('_charset_', 'utf-16') + END],
  ['bytes that are no text', field('a', '\xff\xfe') + END],
  ['a huge header', `--b\r\nContent-Disposition: form-data; name="a"\r\nX-Long: ${'x'.repeat(5_000)}\r\n\r\n1\r\n${END}`],
  [
    'many headers',
    `--b\r\nContent-Disposition: form-data; name="a"\r\n${[...'abcdefghi'].map((x) => `X-${x}: 1\r\n`).join('')}\r\n1\r\n${END}`,
  ],
  ['many parts', Array.from({ length: 65 }, (_, at) => field(`f${at}`, '')).join('') + END],
  ['nothing', ''],
  ['the end alone', '--b'],
])('%s is refused', async (_, text) => {
  await expect(read(text)).rejects.toThrow(CordonError);
});

test.each([
  'multipart/form-data',
  'multipart/mixed; boundary=b',
  'multipart/form-data; boundary=b; boundary=c',
  'multipart/form-data; charset=utf-16; boundary=b',
  'multipart/form-data; boundary="b',
  'application/json',
  undefined,
])('the content type %s is refused', async (type) => {
  await expect(parse(Buffer.from(field('a', '1') + END), type)).rejects.toThrow(CordonError);
});

test('whatever comes is read or refused, and never fails otherwise', async () => {
  const good = Buffer.from(field('a', '1') + field('c', 'x') + END);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }),
      fc.nat(good.length),
      async (edits, cut) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of edits) bytes[at] = value;
        try {
          await parse(bytes.subarray(0, cut), TYPE);
        } catch (error) {
          expect(error).toBeInstanceOf(CordonError);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a file stands only where one is expected, and nothing else does', async () => {
  const file = `--b\r\nContent-Disposition: form-data; name="prompt"; filename="x"\r\n\r\nhello\r\n`;
  const files = new Set(['file']);
  const form = async (text: string) => readForm(await spooled(Buffer.from(text)), TYPE, files);
  await expect(form(file + END)).rejects.toThrow(CordonError);
  await expect(form(field('file', 'x') + END)).rejects.toThrow(CordonError);
  const good = await form(field('__proto__', 'x') + field('prompt', 'p') + END);
  expect(good.json.prompt).toBe('p');
  good.json.prompt = 'q';
  const again = await parse(await bytesOf(good.write({ ...good.json, model: 'n' })), good.contentType);
  expect(again.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
    ['model', 'n'],
    ['__proto__', 'x'],
    ['prompt', 'q'],
  ]);
});
