/** True for the sixteen magic numbers of frames that LZ4 and Zstandard decoders pass over. */
export function isSkippableMagic(magic: number): boolean {
  return magic >= 0x184d2a50 && magic <= 0x184d2a5f;
}
