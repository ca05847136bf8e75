/** A whole server with clients of its own that works until it is killed. What it says on stdout a client was told. */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config } from '../../../src/core/config.ts';
import { startServer } from '../../../src/server/start-server.ts';
import { openStore } from '../../../src/store/open-store.ts';

const [folder = '', database = '', key = ''] = process.argv.slice(2);
const plain = Config.parse({
  scan: { jobs: 1 },
  registry: { stages: [{ name: 'production' }] },
  server: { port: 0, data: folder, database },
});
/** Why so short a grace: the collector shall meet uploads and commits that are under way. */
const maintenance = { ...plain.registry.maintenance, graceHours: 0.5 / 3_600 };
const server = await startServer({ config: { ...plain, registry: { ...plain.registry, maintenance } }, configFolder: folder });
const token = server.adminKey ?? key;
if (server.adminKey !== undefined) say(`key ${server.adminKey}`);
/** A second look at the database, to let leases end early: uploads that nobody commits must become garbage within the test. */
const store = await openStore({ database });

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function ask(method: string, path: string, body?: string, type = 'application/json'): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, text: await response.text() };
}

function dice(limit: number): number {
  return Math.floor(Math.random() * limit);
}

/** `os.system('id')`, never loaded. */
const MALICIOUS = Buffer.from("cos\nsystem\n(S'id'\ntR.").toString('base64');

/** Pushes, seals, promotes and reads in a repository of its own, and says what it was told. */
async function work(number: number): Promise<void> {
  const name = `m${number}`;
  await ask('POST', '/hf/api/repos/create', JSON.stringify({ name, organization: 'acme', type: 'model' }));
  for (;;) {
    const isBad = dice(4) === 0;
    const content = isBad ? MALICIOUS : Buffer.alloc(1 + dice(200_000), `${dice(50)} `).toString('base64');
    const path = isBad ? 'model.pkl' : `f${dice(5)}.txt`;
    const lines = [
      { key: 'header', value: { summary: 'push' } },
      { key: 'deletedFile', value: { path: 'model.pkl' } },
      { key: 'file', value: { path, encoding: 'base64', content } },
    ];
    const pushed = await ask(
      'POST',
      `/hf/api/models/acme/${name}/commit/main`,
      lines.map((line) => JSON.stringify(line)).join('\n'),
      'application/x-ndjson',
    );
    if (pushed.status === 200) {
      const { commitOid } = JSON.parse(pushed.text) as { commitOid: string };
      say(`committed ${name} ${commitOid}`);
      const read = await ask('GET', `/hf/acme/${name}/resolve/${commitOid}/${path}`);
      if (isBad && read.status === 200) say(`WRONG ${name} ${commitOid} served a malicious file`);
      if (!isBad && read.status === 200 && Buffer.from(content, 'base64').toString() !== read.text)
        say(`WRONG ${name} ${commitOid} other bytes`);
    } else if (pushed.status >= 500) say(`WRONG commit ${pushed.status} ${pushed.text}`);
    if (dice(12) === 0) {
      say(`dropping ${name}`);
      const gone = await ask('DELETE', '/hf/api/repos/delete', JSON.stringify({ name, organization: 'acme', type: 'model' }));
      if (gone.status >= 500) say(`WRONG delete ${gone.status} ${gone.text}`);
      await ask('POST', '/hf/api/repos/create', JSON.stringify({ name, organization: 'acme', type: 'model' }));
    } else if (dice(3) === 0) {
      const sealed = await ask('POST', `/api/v1/repositories/model/acme/${name}/versions`, '{}');
      if (sealed.status === 200) {
        const { version } = JSON.parse(sealed.text) as { version: number };
        say(`sealed ${name} ${version}`);
        const promoted = await ask('POST', `/api/v1/repositories/model/acme/${name}/versions/${version}/promote`, '{"stage":"production"}');
        if (promoted.status === 200 && (JSON.parse(promoted.text) as { isPromoted: boolean }).isPromoted)
          say(`promoted ${name} ${version}`);
        else if (promoted.status >= 500) say(`WRONG promote ${promoted.status} ${promoted.text}`);
      } else if (sealed.status >= 500) say(`WRONG seal ${sealed.status} ${sealed.text}`);
    }
  }
}

const LEASE_MS = 86_400_000;

/** Collects garbage and signs checkpoints. */
async function maintain(): Promise<void> {
  for (;;) {
    await sleep(dice(100));
    await store.db
      .updateTable('blob_lease')
      .set({ expires_at: 0 })
      .where('expires_at', '<', Date.now() + LEASE_MS - 2_000)
      .execute();
    const collected = await ask('POST', '/api/v1/maintenance/collect', '{}');
    if (collected.status !== 200) say(`WRONG collect ${collected.status} ${collected.text}`);
    const signed = await ask('POST', '/api/v1/ledger/checkpoint', '{}');
    if (signed.status !== 200) say(`WRONG checkpoint ${signed.status} ${signed.text}`);
  }
}

say('started');
await Promise.all([work(1), work(2), work(3), maintain()]);
