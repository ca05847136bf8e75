import { expect, test } from 'vitest';
import { checkFilePath } from './names.ts';

test.each([
  'a/.git./hooks/post-checkout',
  'a/.GIT /config',
  'a/.git::$INDEX_ALLOCATION/config',
  'GIT~1/hooks/x',
  '.g\u200cit/config',
  'con',
  'a/NUL.txt',
  'com1.bin',
  'weights.bin.',
  'weights.bin ',
  'a /b',
  'a/model.bin::$DATA',
  'x\u0085y',
  'pay\u202efnp.exe',
  'a\ud800',
  '.cordon/attestations/x.json',
  '.Cordon/x',
  `${'a/'.repeat(200)}b`,
])('the path %j is refused', (path) => {
  expect(() => checkFilePath(path)).toThrow(/the path/);
});

test.each([
  'config.json',
  'a/b/c.bin',
  '.gitattributes',
  '.gitignore',
  'Modèle/重み.safetensors',
  'a b/c d.txt',
  'console.log',
  'x~1',
  'a+b=c,d@e.txt',
  'audio/12:30:01.wav',
  'emoji-\u{1f469}\u200d\u{1f4bb}.png',
])('the path %j is fine', (path) => {
  expect(checkFilePath(path)).toBe(path);
});
