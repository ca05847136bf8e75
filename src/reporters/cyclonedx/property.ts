import type { Fact } from '../../core/artifact.ts';

/** A name and a value, the way CycloneDX carries what it has no field for. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

/** A {@link Property}. */
export function property(name: string, value: string): Property {
  return { name, value };
}

/** Text of a fact's value: a string as it is, everything else as JSON. */
export function factText(value: Fact['value']): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
