import { expect, test } from 'vitest';
import { classifyTarget } from './classify.ts';
import { pythonTagSeverity } from './python-tag.ts';
import { findInText, findTargets } from './targets.ts';

test.each([
  ['torch.optim.AdamW', 'ordinary'],
  ['nemo.collections.asr.modules.ConformerEncoder', 'ordinary'],
  ['pytorch_lightning.callbacks.ModelCheckpoint', 'ordinary'],
  ['torchvision.models.resnet50', 'ordinary'],
  ['collections.OrderedDict', 'ordinary'],
  ['functools.partial', 'ordinary'],
  ['my_package.Model', 'unknown'],
  ['src.models.Net', 'unknown'],
  ['os.system', 'dangerous'],
  ['builtins.exec', 'dangerous'],
  ['hydra.utils.get_method', 'dangerous'],
  ['torch.hub.load', 'dangerous'],
  ['torch.load', 'dangerous'],
  ['numpy.load', 'dangerous'],
  ['transformers.utils.os.system', 'dangerous'],
  ['torch.__builtins__.exec', 'dangerous'],
  ['my_package.subprocess.run', 'dangerous'],
  ['torch.nn.Linear()', 'dangerous'],
  ['_posixsubprocess.fork_exec', 'dangerous'],
])('%s is %s', (name, expected) => {
  expect(classifyTarget(name)).toBe(expected);
});

test.each([
  ['python/tuple', undefined],
  ['python/object/apply:os.system', 'critical'],
  ['python/object/new:my.Class', 'high'],
  ['python/object:argparse.Namespace', 'medium'],
  ['python/object/apply:collections.OrderedDict', 'medium'],
  ['python/name:os.system', 'high'],
  ['python/module:os', 'high'],
  ['python/something', 'high'],
])('the tag %s is %s', (tag, expected) => {
  expect(pythonTagSeverity(tag)).toBe(expected);
});

test('targets in data and in text', () => {
  const hostile = JSON.parse('{"a":[{"_target_":"x.y"}],"class_path":"z.w","target":"no","__proto__":{"_target_":"p.q"}}') as unknown;
  expect(
    findTargets(hostile)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['p.q', 'x.y', 'z.w']);
  expect(findInText(String.raw`{\"_target_\": \"os.system\"} !!python/object/apply:os.popen class_path='a.b'`)).toEqual({
    targets: [
      { key: '_target_', name: 'os.system' },
      { key: 'class_path', name: 'a.b' },
    ],
    tags: ['python/object/apply:os.popen'],
  });
});
