import type { ServerResponse } from 'node:http';
import { parseForm } from './parse-form.ts';
import { chatAnswer, type Got, json } from './model-server.ts';

/** Files and batches as a provider keeps them for all who share its credential: everybody sees everything. */
export class FilesServer {
  readonly files = new Map<string, { readonly purpose: string; readonly bytes: Buffer }>();
  readonly batches = new Map<string, Record<string, unknown>>();
  /** What the answers of batches say. */
  says = 'Ask bob.jones@example.org.';
  static #made = 0;

  answer(got: Got, response: ServerResponse): void {
    const [, , collection, id, what] = got.url.split('?')[0]!.split('/');
    if (collection === 'files') this.#files(got, response, id, what);
    else if (collection === 'batches') this.#batches(got, response, id, what);
    else json(response, chatAnswer('Hello.'));
  }

  #files(got: Got, response: ServerResponse, id: string | undefined, what: string | undefined): void {
    if (id === undefined && got.method === 'POST') {
      const parts = parseForm(got.bytes, got.headers['content-type']);
      const purpose = parts.find(({ name }) => name === 'purpose')!.bytes.toString();
      const made = `file-${++FilesServer.#made}`;
      this.files.set(made, { purpose, bytes: parts.find(({ name }) => name === 'file')!.bytes });
      return json(response, this.#described(made));
    }
    if (id === undefined) return json(response, { object: 'list', data: [...this.files.keys()].map((one) => this.#described(one)) });
    const file = this.files.get(id);
    if (file === undefined) return json(response, { error: { message: 'No such file', type: 'invalid_request_error' } }, 404);
    if (got.method === 'DELETE') {
      this.files.delete(id);
      return json(response, { id, object: 'file', deleted: true });
    }
    if (what === 'content') response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes);
    else json(response, this.#described(id));
  }

  #batches(got: Got, response: ServerResponse, id: string | undefined, what: string | undefined): void {
    if (id === undefined) {
      const made = `batch_${++FilesServer.#made}`;
      const batch = { id: made, object: 'batch', status: 'validating', ...(got.body as object) };
      this.batches.set(made, batch);
      return json(response, batch);
    }
    const batch = this.batches.get(id)!;
    if (what === 'cancel') batch.status = 'cancelling';
    else if (batch.status === 'validating') {
      const output = `file-${++FilesServer.#made}`;
      const lines = this.files
        .get(batch.input_file_id as string)!
        .bytes.toString()
        .trim()
        .split('\n');
      const results = lines.map((line) => {
        const { custom_id } = JSON.parse(line) as { custom_id: string };
        return JSON.stringify({ id: 'r', custom_id, response: { status_code: 200, body: chatAnswer(this.says) }, error: null });
      });
      this.files.set(output, { purpose: 'batch_output', bytes: Buffer.from(`${results.join('\n')}\n`) });
      Object.assign(batch, { status: 'completed', output_file_id: output });
    }
    json(response, batch);
  }

  #described(id: string): object {
    const { purpose, bytes } = this.files.get(id)!;
    return { id, object: 'file', bytes: bytes.length, created_at: 1, filename: 'a.jsonl', purpose };
  }
}
