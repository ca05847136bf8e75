import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * The least a store of files can do in Node, as the peer of the registry: `PUT` hashes, writes and syncs, `GET` and `HEAD` answer
 * with the file. No credentials, no database, no check of what is read.
 */
const [folder = '.'] = process.argv.slice(2);

const server = createServer({ requestTimeout: 0 }, (request, response) => {
  answer().catch(() => response.destroy());

  async function answer(): Promise<void> {
    const path = join(folder, (request.url ?? '/').replace(/[^a-z0-9.]/g, '_'));
    if (request.method === 'PUT') {
      const hash = createHash('sha256');
      const file = await open(path, 'w');
      for await (const chunk of request) {
        hash.update(chunk as Buffer);
        await file.write(chunk as Buffer);
      }
      await file.sync();
      await file.close();
      response.setHeader('ETag', hash.digest('hex'));
      response.end();
      return;
    }
    const { size } = await stat(path);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(first ?? 0);
    const end = Number(last ?? size - 1);
    response.writeHead(first === undefined ? 200 : 206, { 'Content-Length': end - start + 1 });
    if (request.method === 'HEAD') response.end();
    else await pipeline(createReadStream(path, { start, end }), response);
  }
});
server.listen(0, '127.0.0.1', () => console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`));
