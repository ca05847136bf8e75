import { expect, test } from 'vitest';
import { linkEscapes, pathDanger } from './path.ts';

test.each([
  ['model/data.pkl', undefined],
  ['a/../b', undefined],
  ['...', undefined],
  ['a:b', 'absolute'],
  ['..', 'traversal'],
  ['a/../../b', 'traversal'],
  ['a\\..\\..\\b', 'traversal'],
  ['/a', 'absolute'],
  ['\\\\host\\share', 'absolute'],
  ['C:\\a', 'absolute'],
  ['a\0b', 'nul'],
])('the name %j', (name, danger) => expect(pathDanger(name)).toBe(danger));

test.each([
  ['a/b/link', '../c', false],
  ['a/b/link', '../../c', false],
  ['a/b/link', '../../../c', true],
  ['link', 'c/../../d', true],
  ['link', '/etc', true],
])('the link %s -> %s', (name, target, escapes) => expect(linkEscapes(name, target)).toBe(escapes));
