import { parseExact } from '../../../../formats/exact-json/parse-exact.ts';
import { writeJson } from '../../../../formats/exact-json/write-json.ts';
import { CordonError } from '../../../../core/errors.ts';
import { upstreamError } from '../failure.ts';
import type { Converter } from '../providers/provider.ts';
import { type EventMessage, EventStreamDecoder } from './decoder.ts';

/** The streamed answer of InvokeModelWithResponseStream for models of Anthropic, as the server-sent events of the Messages API. */
export function bedrockEvents(id: string): Converter {
  const decoder = new EventStreamDecoder();
  return {
    contentType: 'text/event-stream; charset=utf-8',
    push(chunk) {
      try {
        return Buffer.from(
          decoder
            .push(chunk)
            .map((message) => eventOf(id, message))
            .join(''),
        );
      } catch (error) {
        if (error instanceof CordonError && error.code.startsWith('upstream.')) throw error;
        throw upstreamError(id, `its event stream cannot be read${error instanceof CordonError ? `: ${error.message}` : ''}`);
      }
    },
    end() {
      if (!decoder.isBetween) throw upstreamError(id, 'its event stream ends within an event');
      return Buffer.alloc(0);
    },
  };
}

function eventOf(id: string, { headers, payload }: EventMessage): string {
  const kind = headers.get(':message-type');
  if (kind !== 'event') {
    const name = headers.get(':exception-type') ?? headers.get(':error-code') ?? '';
    throw upstreamError(id, `it broke off its answer${/^[A-Za-z]{1,64}$/.test(name) ? ` (${name})` : ''}`);
  }
  if (headers.get(':event-type') !== 'chunk') return '';
  const { bytes } = JSON.parse(payload.toString('utf8')) as { bytes?: unknown };
  if (typeof bytes !== 'string') throw new CordonError('format.malformed', 'an event has no bytes');
  const event = parseExact(Buffer.from(bytes, 'base64').toString('utf8')) as Record<string, unknown>;
  const { type } = event;
  if (typeof type !== 'string' || !/^[a-z_]{1,64}$/.test(type)) throw new CordonError('format.malformed', 'an event has no type');
  // Why: figures about the operator's account, not part of the protocol.
  delete event['amazon-bedrock-invocationMetrics'];
  return `event: ${type}\ndata: ${writeJson(event)}\n\n`;
}
