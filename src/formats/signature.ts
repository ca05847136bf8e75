import type { Format } from '../core/format.ts';
import type { ByteSource } from '../core/source.ts';

/** How many leading bytes sniffing looks at before it asks the source for more. */
export const HEAD_BYTES = 4096;

/** Recognises one format by its bytes. `head` is at most {@link HEAD_BYTES} long; `source` is there for what lies further on. */
export interface Signature {
  readonly format: Format;
  matches(head: Uint8Array, source: ByteSource): boolean;
}
