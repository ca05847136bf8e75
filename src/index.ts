/**
 * Cordon as a library: the functions the command line calls.
 * @module
 */
export { reportSchema as reportJsonSchema } from './reporters/json/report-schema.ts';
