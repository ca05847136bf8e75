import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { clean } from './fixtures/clean.ts';
import { cyclonedx } from './cyclonedx.ts';
import { hostile } from './fixtures/hostile.ts';
import { rich } from './fixtures/rich.ts';
import { rules } from './fixtures/rules.ts';

interface Bom {
  serialNumber: string;
  components: { name: string; type: string; modelCard?: object; licenses?: object[]; properties: { name: string; value: string }[] }[];
}
const bomOf = (...parameters: Parameters<typeof cyclonedx>) => JSON.parse(cyclonedx(...parameters)) as Bom;

/** The strict schema the CycloneDX library ships, compiled here: its own validator wants a package more than this project has. */
function strictValidator() {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
  const schema = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object;
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  // Formats of draft 2019 that ajv-formats lacks; the reporter writes no e-mail address and no IRI.
  for (const format of ['idn-email', 'iri-reference']) ajv.addFormat(format, true);
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'])
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  return ajv.compile(schema('bom-1.6'));
}

const validate = strictValidator();

test.each(Object.entries({ rich, clean, hostile }))('%s: valid by the strict schema of CycloneDX 1.6', (_name, report) => {
  for (const options of [{}, { timestamp: '2026-11-21T12:00:00Z' }]) {
    validate(JSON.parse(cyclonedx(report, rules, options)));
    expect(validate.errors).toBeNull();
  }
  expect(validate({ ...bomOf(report, rules), components: [{ type: 'model', name: 'x' }] })).toBe(false);
});

test('the serial number belongs to the subject', () => {
  expect(bomOf(clean, rules).serialNumber).toBe(bomOf({ ...clean, verdict: 'review' }, rules).serialNumber);
  const other = { ...clean, gate: { ...clean.gate, subject: '00'.repeat(32) } };
  expect(bomOf(other, rules).serialNumber).not.toBe(bomOf(clean, rules).serialNumber);
});

test('every fact says whether it was measured or declared', () => {
  const [model] = bomOf(clean, rules).components;
  const names = model?.properties.map((entry) => entry.name) ?? [];
  for (const name of names.filter((entry) => entry.startsWith('cordon:fact:'))) {
    expect(names).toContain(name.replace('cordon:fact:', 'cordon:basis:'));
  }
  expect(model?.licenses).toEqual([{ license: { id: 'Apache-2.0', acknowledgement: 'declared' } }]);
});

test('a container with tensors inside is a model, a configuration file is a file', () => {
  const types = Object.fromEntries(bomOf(rich, rules).components.map(({ name, type }) => [name, type]));
  expect(types).toMatchObject({
    'models/model.pt': 'machine-learning-model',
    'config.json': 'file',
    'old/scaler.joblib': 'machine-learning-model',
  });
});
