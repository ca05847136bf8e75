import { nameUuid } from '../../formats/uuid/name-uuid.ts';
import type { Bill, Input, Known } from './bill.ts';
import { modelCard } from './cyclonedx-model-card.ts';
import { licencesOf, property, type Property } from './cyclonedx-parts.ts';
import { vulnerabilityEntries } from './cyclonedx-vulnerabilities.ts';

/** Versions of CycloneDX that bills are written in. */
export const CYCLONEDX_VERSIONS = ['1.6', '1.7'] as const;
export type CycloneDxVersion = (typeof CYCLONEDX_VERSIONS)[number];

const MODEL_REF = 'model';

/**
 * A CycloneDX ML-BOM: the model with its card, its files, what it was made from, and VEX for published vulnerabilities. Every value
 * has a property `cordon:basis:FIELD` that says how it is known, and `cordon:source:FIELD` that says from where.
 */
export function cyclonedxBill(bill: Bill, version: CycloneDxVersion, timestamp?: string): string {
  const inputs = [...bill.baseModels, ...bill.datasets, ...bill.tools].map((known) => known.value);
  const document = {
    $schema: `http://cyclonedx.org/schema/bom-${version}.schema.json`,
    bomFormat: 'CycloneDX',
    specVersion: version,
    serialNumber: `urn:uuid:${nameUuid(`cordon/bill/1\n${bill.rootDigest}\n${bill.name}\n${bill.version ?? ''}`)}`,
    version: 1,
    metadata: {
      ...(timestamp !== undefined && { timestamp }),
      lifecycles: [{ phase: 'post-build' }],
      tools: { components: [{ type: 'application', name: 'cordon', version: bill.tool.version }] },
      component: modelComponent(bill),
      ...(bill.supplier !== undefined && { supplier: { name: bill.supplier } }),
      properties: [
        property('cordon:verdict', bill.verdict),
        property('cordon:completeness', bill.completeness),
        property('cordon:rules', bill.tool.rules),
        ...bill.contradictions.map(({ rule, severity, message }) => property(`cordon:contradiction:${rule}`, `${severity}: ${message}`)),
      ],
    },
    components: [
      ...bill.baseModels.map((known) => inputComponent('machine-learning-model', 'base-model', known)),
      ...bill.datasets.map(datasetComponent),
      ...bill.tools.map((known) => inputComponent(known.role === 'container' ? 'container' : 'file', known.role, known)),
    ].filter(isFirst),
    dependencies: [{ ref: MODEL_REF, dependsOn: [...new Set(inputs.map(refOf))] }],
    ...(bill.vulnerabilities.length > 0 && { vulnerabilities: vulnerabilityEntries(bill.vulnerabilities, MODEL_REF) }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function modelComponent(bill: Bill): object {
  const { fields } = bill;
  return {
    type: 'machine-learning-model',
    'bom-ref': MODEL_REF,
    name: bill.name,
    ...(bill.version !== undefined && { version: bill.version }),
    ...(bill.supplier !== undefined && { supplier: { name: bill.supplier } }),
    ...(fields.author !== undefined && { authors: [{ name: fields.author.value }] }),
    hashes: [{ alg: 'SHA-256', content: bill.rootDigest }],
    ...(bill.licences.length > 0 && { licenses: licencesOf(bill.licences) }),
    ...(bill.downloadLocation !== undefined && { externalReferences: [{ type: 'distribution', url: bill.downloadLocation }] }),
    ...(bill.baseModels.length > 0 && {
      pedigree: {
        ancestors: bill.baseModels.map((known) => ({
          ...inputComponent('machine-learning-model', 'base-model', known),
          'bom-ref': undefined,
        })),
      },
    }),
    components: bill.files.map((file) => ({
      type: 'file',
      'bom-ref': `file:${file.path}`,
      name: file.path,
      ...(file.sha256 !== null && { hashes: [{ alg: 'SHA-256', content: file.sha256 }] }),
      properties: [
        property('cordon:format', file.format),
        ...(file.size === null ? [] : [property('cordon:size', String(file.size))]),
        property('cordon:basis', 'measured'),
      ],
    })),
    modelCard: modelCard(bill, refOf),
    properties: modelProperties(bill),
  };
}

/** What CycloneDX has no field for, and how the fields it has are known. */
function modelProperties({ fields, licences, languages }: Bill): Property[] {
  const properties: Property[] = [
    property('cordon:basis:hashes', 'measured'),
    property('cordon:source:hashes', 'OMS root digest over all files'),
  ];
  for (const [name, known] of Object.entries(fields) as [string, Known<unknown>][]) {
    const { value, basis, source } = known;
    properties.push(property(`cordon:${name}`, typeof value === 'string' ? value : JSON.stringify(value)));
    properties.push(property(`cordon:basis:${name}`, basis), property(`cordon:source:${name}`, source));
  }
  for (const [index, { basis, source }] of licences.entries())
    properties.push(property(`cordon:basis:licenses.${index}`, basis), property(`cordon:source:licenses.${index}`, source));
  for (const { value, basis, source } of languages)
    properties.push(
      property('cordon:language', value),
      property(`cordon:basis:language.${value}`, basis),
      property(`cordon:source:language.${value}`, source),
    );
  return properties;
}

function inputComponent(
  type: string,
  role: string,
  { value, basis, source }: Known<Input>,
): { 'bom-ref': string; [field: string]: unknown } {
  return {
    type,
    'bom-ref': refOf(value),
    name: value.name,
    ...(value.uri?.startsWith('pkg:') === true && { purl: value.uri }),
    ...(value.sha256 !== undefined && { hashes: [{ alg: 'SHA-256', content: value.sha256 }] }),
    properties: [property('cordon:role', role), property('cordon:basis', basis), property('cordon:source', source)],
  };
}

function datasetComponent(known: Known<Input>): { 'bom-ref': string; [field: string]: unknown } {
  return { ...inputComponent('data', 'dataset', known), data: [{ type: 'dataset', name: known.value.name }] };
}

function refOf({ name, uri, sha256 }: Input): string {
  return `input:${sha256 ?? uri ?? name}`;
}

/** Why: the same input may be declared and attested, and references must be unique. Attested ones come first. */
function isFirst(component: { 'bom-ref': string }, index: number, all: readonly { 'bom-ref': string }[]): boolean {
  return all.findIndex((other) => other['bom-ref'] === component['bom-ref']) === index;
}
