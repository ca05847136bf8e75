import { crc32, deflateRawSync } from 'node:zlib';

/** Header fields that one side may state falsely. */
interface Claims {
  readonly name?: string;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly compressedSize?: number;
  readonly size?: number;
}

/** One member and everything that can be wrong with it. */
export interface CrookedMember {
  readonly name: string;
  readonly content: Uint8Array | string;
  readonly deflate?: boolean;
  /** Compressed bytes to store instead of those of `content`. */
  readonly raw?: Uint8Array;
  /** Said by both headers. */
  readonly claims?: Claims;
  readonly local?: Claims;
  readonly central?: Claims;
  /** Unix mode in the directory. */
  readonly mode?: number;
  /** Not in the directory. */
  readonly hidden?: boolean;
  /** Bytes before the local header that belong to nobody. */
  readonly gap?: Uint8Array | string;
  /** The directory points to the local header of this earlier member. */
  readonly sharedWith?: string;
}

/** A zip archive in which anything can be false: what the fixtures of archives are made of. */
export function crookedZip(members: readonly CrookedMember[], comment: Uint8Array | string = ''): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets = new Map<string, number>();
  let offset = 0;
  for (const member of members) {
    const content = Buffer.from(member.content as string);
    const data = Buffer.from(member.raw ?? (member.deflate === true ? deflateRawSync(content) : content));
    const truth = {
      name: member.name,
      flags: 0,
      method: member.deflate === true ? 8 : 0,
      crc: crc32(content),
      compressedSize: data.length,
      size: content.length,
      ...member.claims,
    };
    const gap = Buffer.from((member.gap ?? '') as string);
    const local = localHeader({ ...truth, ...member.local });
    const start = offsets.get(member.sharedWith ?? '') ?? offset + gap.length;
    offsets.set(member.name, start);
    if (member.hidden !== true) directory.push(centralHeader({ ...truth, ...member.central }, start, member.mode ?? 0));
    if (member.sharedWith !== undefined) continue;
    parts.push(gap, local, data);
    offset += gap.length + local.length + data.length;
  }
  const listed = Buffer.concat(directory);
  return new Uint8Array(
    Buffer.concat([...parts, listed, endRecord(directory.length, listed.length, offset, Buffer.from(comment as string))]),
  );
}

/** An end-of-central-directory record. */
export function endRecord(entries: number, size: number, offset: number, comment: Uint8Array = new Uint8Array(0)): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([end, comment]);
}

function shared(claims: Required<Claims>): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(claims.flags, 2);
  fields.writeUInt16LE(claims.method, 4);
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(claims.crc, 10);
  fields.writeUInt32LE(claims.compressedSize, 14);
  fields.writeUInt32LE(claims.size, 18);
  fields.writeUInt16LE(Buffer.byteLength(claims.name), 22);
  return fields;
}

function localHeader(claims: Required<Claims>): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared(claims), Buffer.from(claims.name)]);
}

function centralHeader(claims: Required<Claims>, offset: number, mode: number): Buffer {
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(((mode << 16) >>> 0) as number, 6);
  tail.writeUInt32LE(offset, 10);
  return Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), shared(claims), tail, Buffer.from(claims.name)]);
}
