/** Bytes that stand in a request, in base64. */
export interface InlineData {
  readonly mediaType: string;
  readonly data: string;
}

/** Reads `data:TYPE;base64,...`; undefined for any other address. */
export function readDataUrl(url: string): InlineData | undefined {
  const head = /^data:([\w.+-]{1,64}\/[\w.+-]{1,64});base64,/i.exec(url.slice(0, 200));
  return head === null ? undefined : { mediaType: head[1]!.toLowerCase(), data: url.slice(head[0].length) };
}

/** The counterpart of {@link readDataUrl}. */
export function dataUrl({ mediaType, data }: InlineData): string {
  return `data:${mediaType};base64,${data}`;
}
