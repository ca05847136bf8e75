import type { JsonObject } from '../json/parse-object.ts';
import type { Places } from '../places/places.ts';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** How files of pictures begin: PNG, JPEG, GIF, and the container of WebP. */
const BEGINNINGS: readonly Buffer[] = [
  Buffer.from([0x89, 0x50, 0x4e, 0x47]),
  Buffer.from([0xff, 0xd8, 0xff]),
  Buffer.from('GIF8'),
  Buffer.from('RIFF'),
];

/** Leaves out the field with a picture in base64, if that is what it holds. Anything else in it is read as text. */
export function readPictures(places: Places, holder: JsonObject, read: Set<string>): void {
  const value = holder.b64_json;
  if (typeof value !== 'string' || !BASE64.test(value)) return;
  const first = Buffer.from(value.slice(0, 16), 'base64');
  if (!BEGINNINGS.some((beginning) => first.subarray(0, beginning.length).equals(beginning))) return;
  read.add('b64_json');
  places.unread++;
}
