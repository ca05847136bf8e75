/** One member of a tar archive, and what can be wrong with it. */
export interface TarMember {
  readonly name: string;
  readonly content?: string;
  /** One character; '0', a file, unless said. */
  readonly type?: string;
  readonly link?: string;
  /** Size to state instead of the true one. */
  readonly size?: number;
  readonly badChecksum?: boolean;
}

/** A ustar archive with its end mark. */
export function tarArchive(members: readonly TarMember[]): Uint8Array {
  return new Uint8Array(Buffer.concat([...members.flatMap(blocksOf), Buffer.alloc(1024)]));
}

function blocksOf(member: TarMember): Buffer[] {
  const content = Buffer.from(member.content ?? '');
  const header = Buffer.alloc(512);
  header.write(member.name, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${(member.size ?? content.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(member.type ?? '0', 156);
  header.write(member.link ?? '', 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0) + (member.badChecksum === true ? 1 : 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
