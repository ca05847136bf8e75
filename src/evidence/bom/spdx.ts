import type { Json } from '../../core/artifact.ts';
import { spdxLicence } from '../../core/spdx-licence.ts';
import { nameUuid } from '../../formats/uuid/name-uuid.ts';
import type { Bill, Input, Known } from './bill.ts';

const CREATION = '_:creation';

interface Element {
  readonly type: string;
  readonly spdxId: string;
  readonly [field: string]: unknown;
}

/**
 * An SPDX 3.0.1 document (JSON-LD) with the AI and dataset profiles. Every value has its basis in an annotation of the package.
 * `created` is demanded by SPDX: the time of the release or of the build, so that the same bill gives the same bytes.
 */
export function spdxBill(bill: Bill, created: string): string {
  const base = `urn:uuid:${nameUuid(`cordon/bill/spdx/1\n${bill.rootDigest}\n${bill.name}\n${bill.version ?? ''}`)}`;
  const id = (name: string): string => `${base}#${encodeURIComponent(name)}`;
  const element = (type: string, name: string, fields: object): Element => ({ type, spdxId: id(name), creationInfo: CREATION, ...fields });
  const tool = element('Tool', 'tool', { name: `cordon ${bill.tool.version}` });
  const agent = element('SoftwareAgent', 'agent', { name: 'cordon' });
  const supplier = bill.supplier === undefined ? [] : [element('Organization', 'supplier', { name: bill.supplier })];
  const files = bill.files.map((file) =>
    element('software_File', `file/${file.path}`, {
      name: file.path,
      ...(file.sha256 !== null && { verifiedUsing: [sha256(file.sha256)] }),
    }),
  );
  const inputs = inputElements(bill, element);
  const licences = bill.licences.map(({ value }, index) =>
    element('simplelicensing_LicenseExpression', `licence/${index}`, {
      simplelicensing_licenseExpression: spdxLicence(value) ?? `LicenseRef-${value.replaceAll(/[^A-Za-z0-9.-]/g, '-')}`,
    }),
  );
  const model = element('ai_AIPackage', 'model', packageFields(bill, supplier[0]?.spdxId, created));
  const related = (name: string, relationshipType: string, to: readonly Element[]): Element[] =>
    to.length === 0
      ? []
      : [element('Relationship', `relationship/${name}`, { from: model.spdxId, relationshipType, to: to.map(({ spdxId }) => spdxId) })];
  const relationships = [
    ...related('files', 'contains', files),
    ...related('licences', 'hasDeclaredLicense', licences),
    ...related('datasets', 'trainedOn', inputs.datasets),
    ...related('base', 'descendantOf', inputs.baseModels),
    ...related('tools', 'dependsOn', inputs.tools),
  ];
  const annotation = element('Annotation', 'basis', {
    annotationType: 'other',
    subject: model.spdxId,
    contentType: 'application/json',
    statement: JSON.stringify(basesOf(bill)),
  });
  const elements = [
    tool,
    agent,
    ...supplier,
    model,
    ...files,
    ...inputs.baseModels,
    ...inputs.datasets,
    ...inputs.tools,
    ...licences,
    ...relationships,
    annotation,
  ];
  const document = element('SpdxDocument', 'document', {
    name: bill.name,
    rootElement: [model.spdxId],
    element: elements.map(({ spdxId }) => spdxId),
    profileConformance: ['core', 'software', 'simpleLicensing', ...(isComplete(bill) ? ['ai'] : [])],
  });
  const creation = {
    type: 'CreationInfo',
    '@id': CREATION,
    specVersion: '3.0.1',
    created,
    createdBy: [agent.spdxId],
    createdUsing: [tool.spdxId],
  };
  return `${JSON.stringify({ '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld', '@graph': [creation, document, ...elements] }, null, 2)}\n`;
}

/** What the AI profile demands of a package; conformance is claimed only when it is all there. */
function isComplete({ version, supplier, downloadLocation }: Bill): boolean {
  return version !== undefined && supplier !== undefined && downloadLocation !== undefined;
}

function packageFields(bill: Bill, supplier: string | undefined, created: string): object {
  const { fields, name, version, downloadLocation, rootDigest } = bill;
  const types = [fields.architectureFamily?.value, fields.architecture?.value].filter((value) => value !== undefined);
  return {
    name,
    verifiedUsing: [sha256(rootDigest)],
    software_primaryPurpose: 'model',
    ...(version !== undefined && { software_packageVersion: version }),
    ...(downloadLocation !== undefined && { software_downloadLocation: downloadLocation }),
    ...(supplier !== undefined && { suppliedBy: supplier }),
    releaseTime: created,
    ...(types.length > 0 && { ai_typeOfModel: [...new Set(types)] }),
    ...(fields.task !== undefined && { ai_domain: [fields.task.value] }),
    ...(fields.hyperparameters !== undefined && { ai_hyperparameter: entries(fields.hyperparameters.value) }),
    ...(fields.metrics !== undefined && { ai_metric: entries(fields.metrics.value) }),
    ...(fields.builder !== undefined && {
      ai_informationAboutTraining: `by ${fields.builder.value}${fields.trainedAt === undefined ? '' : `, finished ${fields.trainedAt.value}`}`,
    }),
  };
}

function inputElements({ baseModels, datasets, tools }: Bill, element: (type: string, name: string, fields: object) => Element) {
  const made = (kind: string, type: string, fields: object) => (known: readonly Known<Input>[]) => {
    const seen = new Set<string>();
    return known.flatMap(({ value }) => {
      const key = value.sha256 ?? value.uri ?? value.name;
      if (seen.has(key)) return [];
      seen.add(key);
      const verified = value.sha256 === undefined ? {} : { verifiedUsing: [sha256(value.sha256)] };
      const purl = value.uri?.startsWith('pkg:') === true ? { software_packageUrl: value.uri } : {};
      return [element(type, `${kind}/${key}`, { name: value.name, ...verified, ...purl, ...fields })];
    });
  };
  return {
    baseModels: made('base', 'ai_AIPackage', { software_primaryPurpose: 'model' })(baseModels),
    datasets: made('dataset', 'dataset_DatasetPackage', { software_primaryPurpose: 'data', dataset_datasetType: ['noAssertion'] })(
      datasets,
    ),
    tools: made('tool', 'software_Package', {})(tools),
  };
}

/** For every field and every listed value: how it is known and from where. */
function basesOf({ fields, licences, languages, baseModels, datasets, tools }: Bill): object {
  const basis = ({ basis: known, source }: Known<unknown>): object => ({ basis: known, source });
  const listed = (items: readonly Known<unknown>[]): object[] => items.map((item) => ({ value: item.value, ...basis(item) }));
  return {
    'cordon:basis': Object.fromEntries(Object.entries(fields).map(([name, known]) => [name, { value: known.value, ...basis(known) }])),
    licences: listed(licences),
    languages: listed(languages),
    baseModels: listed(baseModels),
    datasets: listed(datasets),
    tools: listed(tools),
    files: { basis: 'measured' },
  };
}

function sha256(hashValue: string): object {
  return { type: 'Hash', algorithm: 'sha256', hashValue };
}

function entries(values: Readonly<Record<string, Json>>): object[] {
  return Object.entries(values).map(([key, value]) => ({
    type: 'DictionaryEntry',
    key,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}
