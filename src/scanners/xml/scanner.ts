import type { Observation } from '../../core/finding.ts';
import { fileScanner } from '../../core/plugin.ts';
import { type Doctype, readDoctype } from '../../formats/xml/doctype.ts';
import { XML_RULES } from './rules.ts';

type XmlObservation = Observation<(typeof XML_RULES)[number]['id']>;

/** Public document types that tools write into files and that no reader needs to fetch. */
const STANDARD_DTD = /^(?:https?:\/\/(?:www\.)?(?:w3\.org|dmg\.org|apple\.com)\/[\w./-]+|pmml[\w.-]*\.dtd)$/i;

/** Reads the document type of XML files: entities that fetch, expand or redefine. */
export const xmlScanner = fileScanner({
  id: 'xml',
  title: 'XML document types',
  rules: XML_RULES,
  accepts: (subject) => subject.format === 'xml',
  *inspect({ source, name }) {
    const doctype = readDoctype(source);
    if (doctype === undefined) return;
    yield* externals(doctype);
    yield* internals(doctype, /\.svg$/i.test(name));
  },
});

function* externals({ external, entities }: Doctype): Iterable<XmlObservation> {
  const outside = entities.filter((entity) => entity.external !== undefined).map((entity) => [entity.name, entity.external ?? ''] as const);
  if (external !== undefined && external !== '' && !STANDARD_DTD.test(external)) outside.push(['DOCTYPE', external]);
  for (const [entity, system] of outside.slice(0, 100)) {
    yield {
      rule: 'xml.external-entity',
      key: entity,
      message: `“${entity}” is read from ${system.slice(0, 200) || 'outside'}.`,
      evidence: { system: system.slice(0, 500) },
    };
  }
}

function* internals({ entities }: Doctype, isSvg: boolean): Iterable<XmlObservation> {
  const inside = entities.filter((entity) => entity.value !== undefined);
  const nested = inside.filter((entity) => entity.parameter || /[&%](?!#)[^\s;&%]+;/.test(entity.value ?? ''));
  if (nested.length > 0) {
    const names = nested.slice(0, 5).map((entity) => entity.name);
    yield { rule: 'xml.nested-entity', key: 'nested', message: `Entities are built from other entities: ${names.join(', ')}.` };
  } else if (inside.length > 0) {
    // Why info for SVG: drawing programs declare name spaces as entities.
    const severity = isSvg ? ({ severity: 'info' } as const) : {};
    yield { rule: 'xml.entity', key: 'entity', message: `The document declares ${inside.length} entities of its own.`, ...severity };
  }
}
