import { bytesOf, readableBytes } from '../places/readable-bytes.ts';

/** The text of a file. */
export interface FileText {
  readonly text: string;
  /** The file with another text; undefined: nobody can say what its other bytes are. */
  write(text: string): Buffer | undefined;
}

/** How formats begin that nobody reads as text: pictures, recordings, PDF, archives (and with them office documents). */
const FORMATS: readonly Buffer[] = [
  '89504e470d0a1a0a',
  'ffd8ff',
  '474946383761',
  '474946383961',
  '255044462d',
  '504b0304',
  '1f8b08',
  '52494646',
  '4f676753',
  '664c6143',
  '494433',
  '1a45dfa3',
  'd0cf11e0a1b11ae1',
  '49492a00',
  '4d4d002a',
].map((letters) => Buffer.from(letters, 'hex'));
/** Where the type of a film or recording stands, and how it begins. */
const FILM = { at: 4, type: 'ftyp' } as const;
const NEITHER_TEXT = /\0/g;

/**
 * The text of a file; undefined: it has a format that is none. Why a byte that is no text does not make it one: whoever reads such a file
 * leaves out the byte, and reads the rest.
 */
export function fileText(bytes: Buffer): FileText | undefined {
  const exact = readableBytes(bytes);
  if (exact !== undefined) return { text: exact.text, write: (text) => bytesOf({ ...exact, text }) };
  if (isOtherFormat(bytes)) return undefined;
  return { text: bytes.toString('utf8').replaceAll(NEITHER_TEXT, ''), write: () => undefined };
}

function isOtherFormat(bytes: Buffer): boolean {
  if (bytes.toString('latin1', FILM.at, FILM.at + FILM.type.length) === FILM.type) return true;
  return FORMATS.some((head) => bytes.subarray(0, head.length).equals(head));
}
