import { mkdirSync, writeFileSync } from 'node:fs';
import { reportSchema } from '../src/reporters/json/report-schema.ts';

/** Writes the JSON Schema of the report beside the bundle, where `cordon/report.schema.json` is exported from. */
const folder = new URL('../dist/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('report.schema.json', folder), `${JSON.stringify(reportSchema(), null, 2)}\n`);
