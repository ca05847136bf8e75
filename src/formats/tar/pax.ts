/** Pax attributes: records of `<length> <key>=<value>\n`. Stops at the first that is not one, as every reader does. */
export function* parsePax(content: Uint8Array): Generator<[string, string]> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString('latin1', at, space));
    if (!Number.isSafeInteger(length) || length <= space - at || at + length > bytes.length) return;
    const record = bytes.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals <= 0) return;
    yield [record.slice(0, equals), record.slice(equals + 1)];
    at += length;
  }
}
