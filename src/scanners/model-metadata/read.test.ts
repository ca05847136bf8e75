import { expect, test } from 'vitest';
import { ModelCard, ModelConfig } from './read.ts';

test('one value and a list of values are both read', () => {
  expect(ModelCard.parse({ license: 'mit', datasets: ['a', 'b'] })).toMatchObject({ license: ['mit'], datasets: ['a', 'b'] });
  expect(ModelConfig.parse({ architectures: ['LlamaForCausalLM'] })).toMatchObject({ architectures: ['LlamaForCausalLM'] });
});

test('what is neither is left out', () => {
  expect(ModelCard.parse({ license: 5, datasets: [{ a: 1 }] })).toEqual({ license: undefined, datasets: undefined });
});
