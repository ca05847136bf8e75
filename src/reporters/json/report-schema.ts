import * as z from 'zod';
import { Report } from '../../core/report.ts';

/** The JSON Schema (draft 2020-12) of `cordon/report/1`, made from the zod types. */
export function reportSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(Report, { io: 'output' }),
    title: 'cordon/report/1',
    description: 'The result of a cordon scan.',
  };
}
