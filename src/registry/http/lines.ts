import { CordonError } from '../../core/errors.ts';

const NEWLINE = 0x0a;

/** The lines of a body as text, without their ends. Throws `request.invalid` for one of more than so many bytes. */
export async function* linesOf(source: AsyncIterable<Uint8Array>, bytesAtMost: number): AsyncGenerator<string> {
  let held: Buffer[] = [];
  let bytes = 0;
  const taken = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes > bytesAtMost)
      throw new CordonError('request.invalid', `a line has more than ${bytesAtMost} bytes; larger files go through LFS`);
    held.push(piece);
  };
  for await (const chunk of source) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      taken(rest.subarray(0, end));
      yield Buffer.concat(held).toString('utf8');
      held = [];
      bytes = 0;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) taken(rest);
  }
  if (bytes > 0) yield Buffer.concat(held).toString('utf8');
}
