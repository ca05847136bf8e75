import { expect, test } from 'vitest';
import { rewriteIndex } from './rewrite-index.ts';
import { isTrainingLeftover, safetensorsIndexName, safetensorsName, wholeNames } from './safetensors-names.ts';

test.each([
  ['pytorch_model.bin', 'model.safetensors'],
  ['pytorch_model.fp16.bin', 'model.fp16.safetensors'],
  ['pytorch_model-00001-of-00002.bin', 'model-00001-of-00002.safetensors'],
  ['unet/diffusion_pytorch_model.bin', 'unet/diffusion_pytorch_model.safetensors'],
  ['adapter_model.bin', 'adapter_model.safetensors'],
  ['runs/last.ckpt', 'runs/last.safetensors'],
  ['yolo.pt', 'yolo.safetensors'],
  ['config.json', undefined],
  ['optimizer.pt', undefined],
  ['training_args.bin', undefined],
])('%s becomes %s', (path, target) => {
  expect(safetensorsName(path)).toBe(target);
});

test('indexes take the names that loaders look for', () => {
  expect(safetensorsIndexName('pytorch_model.bin.index.json')).toBe('model.safetensors.index.json');
  expect(safetensorsIndexName('a/pytorch_model.bin.index.fp16.json')).toBe('a/model.safetensors.index.fp16.json');
  expect(safetensorsIndexName('diffusion_pytorch_model.bin.index.json')).toBe('diffusion_pytorch_model.safetensors.index.json');
  expect(safetensorsIndexName('model.safetensors.index.json')).toBeUndefined();
});

test('a shard is there already when the whole is', () => {
  expect(wholeNames('pytorch_model-00001-of-00002.bin')).toEqual([
    'model-00001-of-00002.safetensors',
    'model.safetensors',
    'model.safetensors.index.json',
  ]);
  expect(isTrainingLeftover('checkpoint-5/rng_state_0.pth')).toBe(true);
});

test('an index that lists what is not converted is none', () => {
  const index = (shard: string): string => JSON.stringify({ metadata: { total_size: 1 }, weight_map: { w: shard } });
  const renamed = new Map([['a.bin', 'a.safetensors']]);
  expect(JSON.parse(rewriteIndex(index('a.bin'), renamed) ?? '')).toEqual({
    metadata: { total_size: 1 },
    weight_map: { w: 'a.safetensors' },
  });
  for (const text of [index('b.bin'), '{', '[]', '{"weight_map": {"w": 1}}']) expect(rewriteIndex(text, renamed)).toBeUndefined();
});
