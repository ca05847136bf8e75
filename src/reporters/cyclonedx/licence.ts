import type { Fact } from '../../core/artifact.ts';

/** SPDX identifiers of the licences models declare, by their lower-case spelling on model hubs. Everything else is a name. */
const SPDX: ReadonlyMap<string, string> = new Map(
  [
    'Apache-2.0',
    'MIT',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'BSD-3-Clause-Clear',
    'ISC',
    'Zlib',
    'Unlicense',
    'WTFPL',
    'CC0-1.0',
    'CC-BY-2.0',
    'CC-BY-3.0',
    'CC-BY-4.0',
    'CC-BY-SA-3.0',
    'CC-BY-SA-4.0',
    'CC-BY-ND-4.0',
    'CC-BY-NC-3.0',
    'CC-BY-NC-4.0',
    'CC-BY-NC-ND-4.0',
    'CC-BY-NC-SA-4.0',
    'ODbL-1.0',
    'PDDL-1.0',
    'GPL-2.0-only',
    'GPL-3.0-only',
    'LGPL-3.0-only',
    'AGPL-3.0-only',
    'MPL-2.0',
    'EPL-2.0',
    'OFL-1.1',
    'Artistic-2.0',
    'BSL-1.0',
    'MS-PL',
  ].map((id) => [id.toLowerCase(), id]),
);

/** The licences an artifact declares of itself, each once. Never more than declared: Cordon does not judge licences. */
export function licencesOf(facts: readonly Fact[]): { license: Record<string, string> }[] {
  const texts = facts.filter((fact) => fact.name === 'licence').flatMap((fact) => (Array.isArray(fact.value) ? fact.value : [fact.value]));
  const names = new Set(texts.filter((text) => typeof text === 'string' && text.trim() !== '').map((text) => String(text).trim()));
  return [...names].toSorted().map((name) => {
    const id = SPDX.get(name.toLowerCase());
    return { license: { ...(id === undefined ? { name } : { id }), acknowledgement: 'declared' } };
  });
}
