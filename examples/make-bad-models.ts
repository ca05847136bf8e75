import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bytes, call, global, op, pickle, runsId, stackGlobal, text } from '../test/pickle-assembler.ts';
import { storedZip } from '../test/makers/stored-zip.ts';

/**
 * Makes the bad example models opcode by opcode. Their payloads are inert (`id`), and nothing of them is ever loaded.
 *
 * Run: npx tsx examples/make-bad-models.ts
 */
const folder = new URL('models/bad/', import.meta.url);

const lambdaModel = {
  module: 'keras',
  class_name: 'Sequential',
  config: {
    name: 'net',
    layers: [
      {
        module: 'keras.layers',
        class_name: 'Lambda',
        config: { name: 'hook', function: { class_name: '__lambda__', config: { code: '4wEAAAA=' } } },
      },
    ],
  },
  registered_name: null,
};

const files: Record<string, Uint8Array | string> = {
  // A torch zip whose pickle calls a shell while it is loaded.
  'backdoored.pt': storedZip({
    'archive/data.pkl': pickle(op.emptyDict, op.mark, text('weight'), runsId, op.setItems),
    'archive/version': '3\n',
    'archive/byteorder': 'little',
  }),
  // The name of the call is hidden behind rot13, which deny lists of names never see.
  'hidden-name.pkl': pickle(
    call(bytes(call(stackGlobal('_codecs', 'encode'), text('cbfvk'), text('rot13')), text('system'), op.stackGlobal), text('id')),
  ),
  // A harmless pickle, junk, and a second pickle that scanners stop short of.
  'second-stream.pkl': bytes(pickle(op.emptyDict), 'padding '.repeat(64), bytes(global('os', 'system'), "(S'id'\ntR.")),
  // A Keras model that ships a Python function.
  'lambda.keras': storedZip({ 'config.json': JSON.stringify(lambdaModel), 'metadata.json': JSON.stringify({ keras_version: '3.9.0' }) }),
  // A repository whose configuration runs code of another repository.
  'remote-code/config.json': `${JSON.stringify({ model_type: 'tiny', auto_map: { AutoModel: 'someone-else/helpers--modeling_tiny.Tiny' } }, null, 2)}\n`,
  // A chat template that reaches the interpreter.
  'template/tokenizer_config.json': `${JSON.stringify({ chat_template: '{{ messages[0].__class__.__mro__[1].__subclasses__() }}' }, null, 2)}\n`,
};

for (const [name, content] of Object.entries(files)) {
  const target = new URL(name, folder);
  mkdirSync(dirname(target.pathname), { recursive: true });
  writeFileSync(target, content);
}
