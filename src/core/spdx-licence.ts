/** By their lower-case spelling on model hubs. */
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

/** The SPDX identifier of a licence as models declare them; undefined when it has none, and the name is all there is. */
export function spdxLicence(name: string): string | undefined {
  return SPDX.get(name.trim().toLowerCase());
}
