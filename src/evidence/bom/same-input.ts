import type { Input, Known } from './bill.ts';

/** Whether two descriptions are of the same artifact: by digest, or by a name or address in any of its usual spellings. */
export function isSameInput(a: Input, b: Input): boolean {
  if (a.sha256 !== undefined && a.sha256 === b.sha256) return true;
  const names = namesOf(b);
  return namesOf(a).some((name) => names.includes(name));
}

/** Leaves out what is declared where the same is attested. */
export function withoutRepeats(inputs: readonly Known<Input>[]): Known<Input>[] {
  const attested = inputs.filter(({ basis }) => basis === 'attested');
  return inputs.filter((input) => input.basis === 'attested' || !attested.some(({ value }) => isSameInput(value, input.value)));
}

function namesOf({ name, uri }: Input): string[] {
  return [name, uri ?? ''].filter((text) => text !== '').map(plainName);
}

/** `pkg:huggingface/org/name@rev` and `hf://org/name` are `org/name`. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(?:pkg:huggingface\/|hf:\/\/|https:\/\/huggingface\.co\/(?:datasets\/)?)/, '')
    .replace(/@[^/]*$/, '')
    .replace(/\?.*$/, '');
}
