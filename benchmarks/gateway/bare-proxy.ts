import { createServer } from 'node:http';
import { Pool } from 'undici';

/** The least that a proxy in Node can do: node:http and undici's dispatch, nothing read. Arguments: port, origin of the model server. */
const pool = new Pool(process.argv[3]!, { connections: 256, pipelining: 1 });

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { 'content-type': type = 'application/json' } = request.headers;
    const options = { path: request.url!, method: 'POST' as const, headers: { 'content-type': type }, body: Buffer.concat(chunks) };
    pool.dispatch(options, {
      onRequestStart() {},
      onResponseStart(_controller, status, headers) {
        response.writeHead(status, { 'content-type': String(headers['content-type']) });
      },
      onResponseData: (_controller, chunk) => void response.write(chunk),
      onResponseEnd: () => void response.end(),
      onResponseError: () => void response.destroy(),
    });
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
