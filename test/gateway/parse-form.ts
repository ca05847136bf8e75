/** A part of a form as a server got it. */
export interface GotPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly bytes: Buffer;
}

/** Reads a form as servers do, independently of what the gateway reads it by. */
export function parseForm(body: Buffer, contentType: string | undefined): GotPart[] {
  const boundary = /boundary=(.+)$/.exec(contentType ?? '')![1]!;
  const pieces = body.toString('latin1').split(`--${boundary}`).slice(1, -1);
  return pieces.map((piece) => {
    const end = piece.indexOf('\r\n\r\n');
    const head = Buffer.from(piece.slice(0, end), 'latin1').toString();
    return {
      name: /; name="([^"]*)"/.exec(head)![1]!,
      filename: /; filename="([^"]*)"/.exec(head)?.[1],
      bytes: Buffer.from(piece.slice(end + 4, -2), 'latin1'),
    };
  });
}
