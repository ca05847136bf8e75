import type { Fact } from '../../core/artifact.ts';
import { spdxLicence } from '../../core/spdx-licence.ts';

/** The licences an artifact declares of itself, each once. Never more than declared: Cordon does not judge licences. */
export function licencesOf(facts: readonly Fact[]): { license: Record<string, string> }[] {
  const texts = facts.filter((fact) => fact.name === 'licence').flatMap((fact) => (Array.isArray(fact.value) ? fact.value : [fact.value]));
  const names = new Set(texts.filter((text) => typeof text === 'string' && text.trim() !== '').map((text) => String(text).trim()));
  return [...names].toSorted().map((name) => {
    const id = spdxLicence(name);
    return { license: { ...(id === undefined ? { name } : { id }), acknowledgement: 'declared' } };
  });
}
