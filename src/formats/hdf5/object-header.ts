import { malformed } from '../../core/errors.ts';
import { hasBytes } from '../bytes/read.ts';
import type { Cursor } from './cursor.ts';
import type { Hdf5File } from './file.ts';

/** Types of the messages in an object header that matter here. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  sharedTable: 0x0f,
  continuation: 0x10,
  symbolTable: 0x11,
  driverInfo: 0x14,
  attributeInfo: 0x15,
} as const;

/** One message of an object header. */
export interface Message {
  readonly type: number;
  /** True when the body only says where the message really is. */
  readonly shared: boolean;
  readonly body: Uint8Array;
}

const SHARED_FLAG = 0x02;

/** All messages of the object at `address`, continuation blocks included; each block is read once, so that cycles end. */
export function readObjectHeader(file: Hdf5File, address: number): Message[] {
  const messages: Message[] = [];
  const head = file.read(address, 4);
  if (hasBytes(head, 'OHDR')) readVersion2(file, address, messages);
  else if (head[0] === 1) readVersion1(file, address, messages);
  else throw malformed('no HDF5 object header', file.base + address);
  return messages;
}

function readVersion1(file: Hdf5File, address: number, messages: Message[]): void {
  const prefix = file.cursor(address, 16);
  prefix.skip(2);
  let expected = prefix.u16();
  prefix.skip(4);
  const blocks = [{ address: address + 16, length: prefix.u32() }];
  const seen = new Set<number>();
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    if (seen.has(block.address)) continue;
    seen.add(block.address);
    const cursor = file.cursor(block.address, block.length);
    while (expected > 0 && cursor.remaining >= 8) {
      expected--;
      file.budget.charge('steps');
      const type = cursor.u16();
      const size = cursor.u16();
      const flags = cursor.u8();
      cursor.skip(3);
      const body = cursor.take(size);
      if (type === MESSAGE.continuation) blocks.push(continuation(file.over(body)));
      else messages.push({ type, shared: (flags & SHARED_FLAG) !== 0, body });
    }
  }
  if (expected > 0) throw malformed(`HDF5 object header lacks ${expected} messages`, file.base + address);
}

function readVersion2(file: Hdf5File, address: number, messages: Message[]): void {
  const prefix = file.over(file.readUpTo(address, 34));
  prefix.expect('OHDR');
  prefix.version('object header', 2);
  const flags = prefix.u8();
  if ((flags & 0x20) !== 0) prefix.skip(16);
  if ((flags & 0x10) !== 0) prefix.skip(4);
  const length = prefix.uint(1 << (flags & 3));
  const blocks = [{ address: address + prefix.position, length }];
  const seen = new Set<number>();
  const headerBytes = (flags & 0x04) === 0 ? 4 : 6;
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    if (seen.has(block.address)) continue;
    seen.add(block.address);
    const cursor = file.cursor(block.address, block.length);
    while (cursor.remaining >= headerBytes) {
      file.budget.charge('steps');
      const type = cursor.u8();
      const size = cursor.u16();
      const messageFlags = cursor.u8();
      cursor.skip(headerBytes - 4);
      const body = cursor.take(size);
      if (type === MESSAGE.continuation) blocks.push(chunk(file, continuation(file.over(body))));
      else messages.push({ type, shared: (messageFlags & SHARED_FLAG) !== 0, body });
    }
  }
}

function continuation(cursor: Cursor): { address: number; length: number } {
  return { address: cursor.definedAddress(), length: cursor.length() };
}

/** The messages inside a version 2 continuation block: between its signature and its checksum. */
function chunk(file: Hdf5File, block: { address: number; length: number }): { address: number; length: number } {
  if (block.length < 8 || !hasBytes(file.read(block.address, 4), 'OCHK')) {
    throw malformed('no HDF5 continuation block', file.base + block.address);
  }
  return { address: block.address + 4, length: block.length - 8 };
}
