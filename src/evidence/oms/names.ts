import { malformedSignature } from '../signature/strict-json.ts';

/** The name of the only resource when a single file was signed. */
export const SINGLE_FILE = '.';
const MAX_NAME_BYTES = 4096;

/** Refuses names that could lead out of a model or be read in two ways: OMS names are relative, POSIX and byte-exact. */
export function checkName(name: string): void {
  if (name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES || name.includes('\0'))
    throw malformedSignature('a resource has an unusable name');
  if (Buffer.from(name).toString() !== name) throw malformedSignature('a resource has a name that is no Unicode');
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw malformedSignature(`the resource name ${JSON.stringify(name.slice(0, 200))} is not relative and plain`);
}

/** Orders names by their bytes, which is the order of code points that OMS demands. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
