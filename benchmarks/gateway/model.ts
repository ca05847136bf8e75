import { createServer } from 'node:http';

/** A model server that answers at once: about 1 KB, or 43 events. Its port is the first argument. */
const text = 'The answer is that the cordon stands, and that it stands well. '.repeat(12);
const usage = { prompt_tokens: 900, completion_tokens: 180, total_tokens: 1080 };
const whole = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: text }, logprobs: null, finish_reason: 'stop' }],
  usage,
});
const chunk = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const pieces = (text.match(/[\s\S]{1,18}/g) ?? []).slice(0, 40).map((content) => chunk({ content }, null));
const events = [chunk({ role: 'assistant', content: '' }, null), ...pieces, chunk({}, 'stop'), 'data: [DONE]\n\n'];

createServer((request, response) => {
  let isStream = false;
  request.on('data', (bytes: Buffer) => (isStream ||= bytes.includes('"stream":true')));
  request.on('end', () => {
    if (!isStream) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(whole) }).end(whole);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let at = 0;
    const send = (): void => {
      response.write(events[at++]);
      if (at < events.length) setImmediate(send);
      else response.end();
    };
    send();
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
