import { Report } from '../core/report.ts';
import { inSchemaOrder } from './json/schema-order.ts';
import type { Reporter } from './reporter.ts';
import { jsonText } from './text/json-text.ts';

/** The report itself, exactly: keys in the order of the schema, so that equal reports are equal bytes. */
export const json: Reporter = (report) => jsonText(inSchemaOrder(report, Report));
