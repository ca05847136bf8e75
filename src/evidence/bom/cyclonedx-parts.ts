import { spdxLicence } from '../../core/spdx-licence.ts';
import type { Known } from './bill.ts';

/** A name and a value, the way CycloneDX carries what it has no field for. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

/** A {@link Property}. */
export function property(name: string, value: string): Property {
  return { name, value };
}

/** Licences as declared: Cordon does not judge them. */
export function licencesOf(licences: readonly Known<string>[]): object[] {
  return licences.map(({ value }) => {
    const id = spdxLicence(value);
    return { license: { ...(id === undefined ? { name: value } : { id }), acknowledgement: 'declared' } };
  });
}
