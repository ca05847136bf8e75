import { createHash } from 'node:crypto';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { clean } from './fixtures/clean.ts';
import { hostile } from './fixtures/hostile.ts';
import { rich } from './fixtures/rich.ts';
import { rules } from './fixtures/rules.ts';
import { STYLE } from './html/style.ts';
import { html } from './html.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Elements of the page, read as XML once the elements that HTML leaves open are closed: proves that everything is balanced. */
function elementsOf(page: string): Element[] {
  const elements: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes }));
  const xml = page
    .replace('<!doctype html>', '')
    .replaceAll(/<meta ([^>]*)>/g, '<meta $1/>')
    .replace(STYLE, '')
    .replaceAll(/<details class="finding" open>/g, '<details class="finding" open="">');
  parser.write(xml).close();
  return elements;
}

describe.each(Object.entries({ rich, clean, hostile }))('%s', (_name, report) => {
  const page = html(report, rules);
  const elements = elementsOf(page);
  const ids = elements.flatMap(({ attributes }) => attributes['id'] ?? []);

  test('nothing in it runs or loads anything', () => {
    const names = new Set(elements.map((element) => element.name));
    for (const name of ['script', 'img', 'link', 'iframe', 'object', 'form', 'base', 'svg']) expect(names.has(name)).toBe(false);
    for (const { attributes } of elements) {
      for (const [name, value] of Object.entries(attributes)) {
        expect(name).not.toMatch(/^on|^style$|^src/);
        if (name === 'href') expect(value).toMatch(/^#/);
      }
    }
    const digest = createHash('sha256')
      .update(/<style>([^]*?)<\/style>/.exec(page)?.[1] ?? '')
      .digest('base64');
    expect(page).toContain(`default-src 'none'; style-src 'sha256-${digest}'`);
  });

  test('ids are unique, links lead somewhere, labels exist', () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of elements) {
      if (attributes['href'] !== undefined) expect(ids).toContain(attributes['href'].slice(1));
      if (attributes['aria-labelledby'] !== undefined) expect(ids).toContain(attributes['aria-labelledby']);
    }
  });

  test('has landmarks, one first heading, a language and table headers with a scope', () => {
    const count = (name: string) => elements.filter((element) => element.name === name).length;
    for (const name of ['header', 'nav', 'main', 'footer', 'h1', 'title']) expect([name, count(name)]).toEqual([name, 1]);
    expect(elements[0]).toMatchObject({ name: 'html', attributes: { lang: 'en' } });
    for (const { attributes } of elements.filter((element) => element.name === 'th')) expect(attributes['scope']).toBeTruthy();
  });
});

/** Relative luminance of `#rrggbb` by WCAG 2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([
  ['light', 0],
  ['dark', 1],
])('%s scheme', (_name, scheme) => {
  const block = STYLE.split(':root {')[scheme + 1] ?? '';
  const colours = Object.fromEntries(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].slice(0, 19).map(([, name, value]) => [name, value]),
  );
  const pairs = [
    ...['ink', 'soft', 'link'].flatMap((name) => ['ground', 'card'].map((ground) => [name, ground])),
    ...['good', 'warning', 'bad', 'critical', 'high', 'medium', 'low'].map((name) => [name, 'card']),
    ...['critical', 'high', 'medium', 'low', 'info'].map((name) => ['on', name]),
    ['ink', 'code'],
    ['ink', 'good-soft'],
  ] as [string, string][];
  test.each(pairs)('%s on %s meets AA', (ink, ground) => {
    expect(contrast(colours[ink] ?? '', colours[ground] ?? '')).toBeGreaterThanOrEqual(4.5);
  });
});
