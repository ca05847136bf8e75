import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRepo, downloadFile, listFiles, modelInfo, uploadFiles } from '@huggingface/hub';
import { afterEach, expect, test } from 'vitest';
import { stateDictPickle } from '../../convert/state-dict-pickle.ts';
import { storedZip } from '../../makers/stored-zip.ts';
import { serve, type Served } from './served.ts';

/** As in transformers.test.ts. */
const PYTHON = process.env.CORDON_TRANSFORMERS_PYTHON ?? '';
const MS = 300_000;
const repo = { type: 'model', name: 'acme/far' } as const;
const TENSOR = { type: 'FloatStorage', elements: 2, offset: 0, size: [2], stride: [1] };
const checkpoint = storedZip({
  'm/data.pkl': stateDictPickle({ w: TENSOR }),
  'm/byteorder': 'little',
  'm/data/0': new Uint8Array(8).fill(7),
});

let [far, near]: (Served | undefined)[] = [];
afterEach(async () => {
  await near?.close();
  void far?.close();
  delete process.env.CORDON_TEST_UPSTREAM;
});

/** A remote hub, and a mirror of it that serves nothing pickled. */
async function mirrored(): Promise<{ readonly far: Served; readonly near: Served }> {
  far = await serve();
  process.env.CORDON_TEST_UPSTREAM = far.key;
  const upstream = {
    id: 'far',
    url: far.endpoint,
    tokenEnv: 'CORDON_TEST_UPSTREAM',
    allowPrivate: true,
    namespaces: ['acme'],
    checkMinutes: 0,
  };
  const deny = [{ id: 'pickle', when: 'artifacts.exists(a, "pickle.imports" in a.measured)', message: 'pickled weights are not served' }];
  near = await serve({
    gates: { formats: { deny } },
    registry: { convert: 'mirror', ingest: { gate: 'formats' }, upstreams: [upstream] },
  });
  return { far, near };
}

test('a mirror serves the checkpoint of a remote hub as safetensors, and says so', async () => {
  const hubs = await mirrored();
  const remote = { hubUrl: hubs.far.endpoint, accessToken: `hf_${hubs.far.key}` };
  const hub = { hubUrl: hubs.near.endpoint, accessToken: `hf_${hubs.near.key}` };
  await createRepo({ ...remote, repo });
  await uploadFiles({
    ...remote,
    repo,
    files: [
      { path: 'config.json', content: new Blob(['{"model_type": "bert"}']) },
      { path: 'pytorch_model.bin', content: new Blob([Buffer.from(checkpoint)]) },
    ],
  });
  const paths = async (): Promise<string[]> => {
    const found = [];
    for await (const { path } of listFiles({ ...hub, repo })) found.push(path);
    return found;
  };
  expect(await paths()).toEqual(['config.json', 'model.safetensors']);
  // Why again: the mirror asks the remote hub each time, and must not go back to what it refused.
  expect(await paths()).toEqual(['config.json', 'model.safetensors']);
  const { sha } = await modelInfo({ ...remote, name: repo.name, additionalFields: ['sha'] });
  expect((await downloadFile({ ...hub, repo, path: 'model.safetensors', revision: sha }))?.size).toBeGreaterThan(8);
  const answer = await fetch(`${hub.hubUrl}/api/models/${repo.name}`, { headers: { authorization: `Bearer ${hub.accessToken}` } });
  expect(answer.headers.get('x-hf-warning')).toContain('converted pytorch_model.bin to model.safetensors');
});

// oxlint-disable-next-line no-console
if (PYTHON === '') console.info('skipped: transformers; CORDON_TRANSFORMERS_PYTHON names no interpreter');

test.skipIf(PYTHON === '')(
  'transformers loads what was converted, in one file and in shards',
  async () => {
    const hubs = await mirrored();
    const env = {
      ...process.env,
      HF_ENDPOINT: hubs.near.endpoint,
      HF_HOME: join(hubs.near.folder, 'home'),
      HF_HUB_DISABLE_XET: '1',
      HF_HUB_DISABLE_TELEMETRY: '1',
      DISABLE_SAFETENSORS_CONVERSION: '1',
    };
    const args = [join(import.meta.dirname, 'converted.py'), hubs.far.endpoint, hubs.near.endpoint, hubs.far.key, hubs.near.key];
    const { stdout } = await promisify(execFile)(PYTHON, args, { env, maxBuffer: 1 << 26, timeout: MS });
    const said = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as object);
    expect(said).toEqual([
      { name: 'acme/single', same: true, files: ['config.json', 'model.safetensors'] },
      {
        name: 'acme/sharded',
        same: true,
        files: ['config.json', 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors', 'model.safetensors.index.json'],
      },
    ]);
  },
  MS,
);
