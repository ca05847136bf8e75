import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { bytes, longText, op, pickle, runsId, text } from '../pickle-assembler.ts';
import { convertToSafetensors } from '../../src/engine/convert/convert.ts';
import { crookedZip } from '../makers/crooked-zip.ts';
import { storedZip } from '../makers/stored-zip.ts';
import { stateDictPickle } from './state-dict-pickle.ts';

const files = new URL('files/', import.meta.url);
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cordon-convert-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `cordon convert` on a file in a folder of its own. */
function convert(name: string, content: Uint8Array, ...flags: string[]) {
  const own = mkdtempSync(join(folder, 'case-'));
  writeFileSync(join(own, name), content);
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'convert', name, '--to', 'safetensors', ...flags], { cwd: own });
  return { own, status, stdout: String(stdout), stderr: String(stderr), left: readdirSync(own).toSorted() };
}

/** The same through the library, for what must be refused: why, and what is left in the folder. */
async function refusal(content: Uint8Array): Promise<{ error: unknown; left: string[] }> {
  const own = mkdtempSync(join(folder, 'case-'));
  writeFileSync(join(own, 'm.pt'), content);
  const error: unknown = await convertToSafetensors(join(own, 'm.pt')).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, left: readdirSync(own) };
}

const real = (name: string): Uint8Array => readFileSync(new URL(name, files));

test.each(['dtypes', 'views', 'module', 'protocol-3', 'protocol-4', 'protocol-5', 'parameters', 'tied'])(
  '%s: the bytes that the reference library writes',
  (name) => {
    const { own, status, stderr, left } = convert(`${name}.pt`, real(`${name}.pt`));
    expect({ status, left }, stderr).toEqual({ status: 0, left: [`${name}.pt`, `${name}.safetensors`] });
    expect(readFileSync(join(own, `${name}.safetensors`)).equals(real(`${name}.safetensors`))).toBe(true);
    if (name === 'tied') expect(stderr).toBe('shared memory: embedding.weight, head.weight; each was written with bytes of its own\n');
  },
);

test('a checkpoint needs --key, and says which there are', () => {
  const refused = convert('c.pt', real('checkpoint.pt'));
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('--key: "state_dict"');
  const { own, status } = convert('c.pt', real('checkpoint.pt'), '--key', 'state_dict', '-o', 'weights.safetensors');
  expect(status).toBe(0);
  expect(readFileSync(join(own, 'weights.safetensors')).equals(real('checkpoint.safetensors'))).toBe(true);
  expect(convert('c.pt', real('checkpoint.pt'), '--key', 'nothing').stderr).toContain('there is no dict of tensors at "nothing"');
});

test.each([
  ['refused-module-object.pt', '"torch.nn.modules.container.Sequential" cannot be converted'],
  ['refused-sparse.pt', 'under the key "w" cannot be converted: sparse tensors'],
  ['refused-lazy-mark.pt', 'a tensor with a lazy mark (conj)'],
  ['refused-dtype.pt', '"torch.ComplexDoubleStorage" cannot be converted'],
  ['refused-number.pt', 'the key "step" holds the number 5, not a tensor'],
  ['refused-key.pt', 'the key the number 0 is no text'],
  ['refused-list.pt', 'the file holds a list, not a dict of tensors'],
  ['refused-legacy.pt', 'not a torch zip archive'],
])('%s is refused', async (name, reason) => {
  const { error, left } = await refusal(real(name));
  expect(error).toMatchObject({ code: 'convert.refused', message: expect.stringContaining(reason) as string });
  expect(left).toEqual(['m.pt']);
});

test('the command says why and ends with 1', () => {
  const { status, stdout, stderr, left } = convert('m.pt', real('refused-number.pt'));
  expect({ status, stdout, left }).toEqual({ status: 1, stdout: '', left: ['m.pt'] });
  expect(stderr).toBe('cordon: m.pt was not converted: the key "step" holds the number 5, not a tensor\n');
});

const one = stateDictPickle({ w: { type: 'FloatStorage', elements: 2, offset: 0, size: [2], stride: [1] } });
const storage = new Uint8Array(new Float32Array([1, 2]).buffer);

test.each([
  ['dangerous', { 'm/data.pkl': pickle(op.emptyDict, text('w'), runsId, op.setItem) }, 'the scan blocks this file: critical'],
  ['big-endian', { 'm/data.pkl': one, 'm/byteorder': 'big', 'm/data/0': storage }, 'the byte order is "big"'],
  ['short storage', { 'm/data.pkl': one, 'm/data/0': storage.subarray(0, 4) }, 'has 4 bytes where the pickle states 8'],
  ['long storage', { 'm/data.pkl': one, 'm/data/0': new Uint8Array(12) }, 'has 12 bytes where the pickle states 8'],
  ['absent storage', { 'm/data.pkl': one }, 'the storage "0" is not in the archive'],
  [
    'view behind its storage',
    {
      'm/data.pkl': stateDictPickle({ w: { type: 'FloatStorage', elements: 2, offset: 1, size: [2], stride: [1] } }),
      'm/data/0': storage,
    },
    'a tensor that reaches behind its storage of 8 bytes',
  ],
  [
    'view of a petabyte',
    {
      'm/data.pkl': stateDictPickle({ w: { type: 'FloatStorage', elements: 2, offset: 0, size: [2 ** 24, 2 ** 24], stride: [0, 0] } }),
      'm/data/0': storage,
    },
    'bytes, made from 8 bytes of storage',
  ],
  ['reserved name', { 'm/data.pkl': pickleNamed('__metadata__'), 'm/data/0': storage }, 'a tensor called "__metadata__"'],
  ['no torch file', { 'readme.txt': 'hello' }, 'the archive has no data.pkl'],
  ['unknown opcode', { 'm/data.pkl': pickle(op.emptyDict, text('w'), bytes('I5\n'), op.setItem) }, 'the pickle opcode 0x49'],
  ['invalid text', { 'm/data.pkl': pickle(op.emptyDict, bytes('\x8c\x01\xff'), op.none, op.setItem) }, 'not valid UTF-8'],
  ['long key', { 'm/data.pkl': pickle(op.emptyDict, longText('k'.repeat(70_000)), op.none, op.setItem) }, 'the key a long text is no text'],
] as const)('%s is refused', async (_, members, reason) => {
  const { error, left } = await refusal(storedZip(members));
  expect(error).toMatchObject({ code: 'convert.refused', message: expect.stringContaining(reason) as string });
  expect(left).toEqual(['m.pt']);
});

test('deflated members give the same bytes', () => {
  const content = new Uint8Array(new Float32Array(100_000).fill(3).buffer);
  const big = stateDictPickle({
    a: { type: 'FloatStorage', elements: 100_000, offset: 0, size: [100_000], stride: [1] },
    b: { type: 'FloatStorage', elements: 100_000, offset: 7, size: [100, 300], stride: [1, 300] },
  });
  const members = { 'm/data.pkl': big, 'm/data/0': content, 'm/data/1': content };
  const [stored, packed] = [convert('m.pt', storedZip(members)), convert('m.pt', deflated(members))];
  expect([stored.status, packed.status]).toEqual([0, 0]);
  const written = readFileSync(join(stored.own, 'm.safetensors'));
  expect(written.equals(readFileSync(join(packed.own, 'm.safetensors')))).toBe(true);
});

test('an existing file is replaced only by --force, and the input never', () => {
  const own = mkdtempSync(join(folder, 'force-'));
  copyFileSync(new URL('module.pt', files), join(own, 'module.pt'));
  writeFileSync(join(own, 'module.safetensors'), 'mine');
  const run = (...flags: string[]) =>
    spawnSync(process.execPath, [cli, 'convert', 'module.pt', '--to', 'safetensors', ...flags], { cwd: own });
  const refused = run();
  expect(refused.status).toBe(3);
  expect(String(refused.stderr)).toContain('module.safetensors exists; --force replaces it');
  expect(readFileSync(join(own, 'module.safetensors'), 'utf8')).toBe('mine');
  expect(run('-o', 'module.pt', '--force').status).toBe(3);
  expect(run('--force').status).toBe(0);
  expect(readFileSync(join(own, 'module.safetensors')).equals(real('module.safetensors'))).toBe(true);
  expect(run('--to', 'gguf').status).toBe(3);
  expect(spawnSync(process.execPath, [cli, 'convert', 'absent.pt', '--to', 'safetensors'], { cwd: own }).status).toBe(3);
  expect(String(run('-o', 'absent/out.safetensors').stderr)).toContain('ENOENT');
});

test('what was converted scans clean', () => {
  const { own } = convert('module.pt', real('module.pt'));
  const report: unknown = JSON.parse(String(execFileSync(process.execPath, [cli, 'scan', own, '--format', 'json', '--no-cache'])));
  expect(report).toMatchObject({ verdict: 'clean', completeness: 'complete', findings: [{ rule: 'weights.pickle-beside-safetensors' }] });
});

function pickleNamed(name: string): Uint8Array {
  return stateDictPickle({ [name]: { type: 'FloatStorage', elements: 2, offset: 0, size: [2], stride: [1] } });
}

function deflated(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return crookedZip(Object.entries(members).map(([name, content]) => ({ name, content, deflate: true })));
}
