import type { Rebuilt } from '../../engine/registry/xet/rebuild-files.ts';

/** Why now and then: clients give up on a connection that says nothing, and on large files the work takes minutes. */
const EVERY_MS = 2_000;

/** Answers with a line of JSON now and then while files are rebuilt, and with the result at the end. */
export function progressLines(first: IteratorResult<Rebuilt>, rest: AsyncGenerator<Rebuilt>, tell: (error: unknown) => string): Response {
  const encoder = new TextEncoder();
  const line = (value: object): Uint8Array => encoder.encode(`${JSON.stringify(value)}\n`);
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      try {
        let said = 0;
        for (let next = first; next.done !== true; next = await rest.next()) {
          if (performance.now() - said < EVERY_MS) continue;
          said = performance.now();
          // Why one more: what is still to come is not known before the end.
          controller.enqueue(line({ type: 'validating', verified: next.value.files, total: next.value.files + 1 }));
        }
        controller.enqueue(line({ type: 'result' }));
      } catch (error) {
        controller.enqueue(line({ type: 'error', message: tell(error), retryable: false }));
      }
      controller.close();
    },
    async cancel() {
      await rest.return(undefined);
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson' } });
}
