/** What the SPDX 3.0.1 model demands of the classes that are written here: field, whether it must be there, how often at most. */
const ELEMENT = { spdxId: 'one', creationInfo: 'one', name: 'may', verifiedUsing: 'many' } as const;
const PACKAGE = {
  ...ELEMENT,
  software_primaryPurpose: 'may',
  software_packageVersion: 'may',
  software_downloadLocation: 'may',
  software_packageUrl: 'may',
  suppliedBy: 'may',
  releaseTime: 'may',
} as const;
type Shape = Readonly<Record<string, 'one' | 'may' | 'some' | 'many'>>;

const SHAPES: Readonly<Record<string, Shape>> = {
  CreationInfo: { '@id': 'one', specVersion: 'one', created: 'one', createdBy: 'some', createdUsing: 'many' },
  Tool: ELEMENT,
  SoftwareAgent: ELEMENT,
  Organization: ELEMENT,
  software_File: { ...ELEMENT, name: 'one' },
  software_Package: { ...PACKAGE, name: 'one' },
  ai_AIPackage: {
    ...PACKAGE,
    name: 'one',
    ai_typeOfModel: 'many',
    ai_domain: 'many',
    ai_hyperparameter: 'many',
    ai_metric: 'many',
    ai_informationAboutTraining: 'may',
  },
  dataset_DatasetPackage: { ...PACKAGE, name: 'one', dataset_datasetType: 'some' },
  simplelicensing_LicenseExpression: { ...ELEMENT, simplelicensing_licenseExpression: 'one' },
  Relationship: { ...ELEMENT, from: 'one', relationshipType: 'one', to: 'some' },
  Annotation: { ...ELEMENT, annotationType: 'one', subject: 'one', contentType: 'may', statement: 'may' },
  SpdxDocument: { ...ELEMENT, rootElement: 'some', element: 'many', profileConformance: 'many' },
  Hash: { algorithm: 'one', hashValue: 'one' },
  DictionaryEntry: { key: 'one', value: 'may' },
};

type Node = Readonly<Record<string, unknown>>;

/** Everything in which an SPDX document does not have the shape of the model, or refers to what is not there. */
export function spdxFlaws(text: string): string[] {
  const graph = (JSON.parse(text) as { '@graph': Node[] })['@graph'];
  const ids = graph.map((node) => String(node['spdxId'] ?? node['@id']));
  const flaws = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`);
  const known = new Set(ids);
  for (const node of graph) {
    flaws.push(...nodeFlaws(node));
    for (const field of ['creationInfo', 'from', 'to', 'subject', 'rootElement', 'element', 'suppliedBy', 'createdBy', 'createdUsing'])
      for (const target of [node[field] ?? []].flat())
        if (!known.has(String(target))) flaws.push(`${field} leads to ${String(target)}, which is not there`);
  }
  return flaws;
}

function nodeFlaws(node: Node): string[] {
  const type = String(node['type']);
  const shape = SHAPES[type];
  if (shape === undefined) return [`unknown class ${type}`];
  const unknown = Object.keys(node).filter((field) => field !== 'type' && !(field in shape));
  const wrong = Object.entries(shape).filter(([field, count]) => !hasCount(node[field], count));
  const nested = Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter((item): item is Node => typeof item === 'object' && item !== null) : [],
  );
  return [
    ...unknown.map((field) => `${type} has no ${field}`),
    ...wrong.map(([field]) => `${type}.${field} is there too seldom or too often`),
    ...nested.flatMap(nodeFlaws),
  ];
}

function hasCount(value: unknown, count: Shape[string]): boolean {
  if (count === 'one' || count === 'may') return value === undefined ? count === 'may' : typeof value === 'string';
  return value === undefined ? count === 'many' : Array.isArray(value) && value.length > 0;
}
