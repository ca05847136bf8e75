import type { ByteSource } from '../../core/source.ts';
import { hasBytes, latin1, viewOf } from '../bytes/read.ts';
import { looksLikeText } from '../text/signature.ts';

/** What kind of program the bytes are. */
export type ExecutableKind =
  | 'elf'
  | 'pe'
  | 'dos'
  | 'mach-o'
  | 'ape'
  | 'java-class'
  | 'dex'
  | 'wasm'
  | 'shortcut'
  | 'installer'
  | 'static-library'
  | 'python-bytecode'
  | 'script-with-payload';

/** Recognises a program by its header, with a second check wherever the magic number is short. */
export function recogniseExecutable(head: Uint8Array, source: ByteSource): ExecutableKind | undefined {
  if (hasBytes(head, '\x7fELF')) return (head[4] === 1 || head[4] === 2) && (head[5] === 1 || head[5] === 2) ? 'elf' : undefined;
  if (hasBytes(head, "MZqFpD='") || hasBytes(head, "jartsr='") || hasBytes(head, "APEDBG='")) return 'ape';
  if (hasBytes(head, 'MZ')) return kindOfMz(head, source);
  if (isMachO(head)) return 'mach-o';
  if (hasBytes(head, '\xca\xfe\xba\xbe')) return kindOfCafebabe(head);
  if (hasBytes(head, '\x00asm\x01\x00\x00\x00')) return 'wasm';
  if (/^dex\n0\d\d\0/.test(latin1(head.subarray(0, 8)))) return 'dex';
  if (hasBytes(head, 'L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F')) return 'shortcut';
  if (hasBytes(head, 'xar!\x00\x1c') || hasBytes(head, '\xed\xab\xee\xdb')) return 'installer';
  if (hasBytes(head, '!<arch>\n')) return hasBytes(head, 'debian-binary', 8) ? 'installer' : 'static-library';
  if (isPythonBytecode(head)) return 'python-bytecode';
  return hasBytes(head, '#!') && carriesPayload(head, source) ? 'script-with-payload' : undefined;
}

/** `MZ` alone is two letters: a PE header where the stub points, or a DOS header whose page counts fit the file. */
function kindOfMz(head: Uint8Array, source: ByteSource): 'pe' | 'dos' | undefined {
  if (head.length < 64) return undefined;
  const view = viewOf(head);
  const newHeader = view.getUint32(0x3c, true);
  if (newHeader >= 4 && newHeader < 0x1000_0000) {
    const magic = source.read(newHeader, 4);
    if (hasBytes(magic, 'PE\x00\x00') || (newHeader >= 64 && /^(NE|LE|LX)/.test(latin1(magic)))) return 'pe';
  }
  const [lastPage, pages, relocations, paragraphs] = [2, 4, 6, 8].map((at) => view.getUint16(at, true)) as [number, number, number, number];
  const plausible =
    lastPage < 512 && pages > 0 && (pages - 1) * 512 + lastPage <= source.size + 512 && paragraphs >= 2 && paragraphs <= 0x1000;
  return plausible && view.getUint16(0x18, true) >= 0x1c && view.getUint16(0x18, true) <= 0x200 && relocations < 0x4000 ? 'dos' : undefined;
}

/** A Mach-O header with a file type and processor in use. */
function isMachO(head: Uint8Array): boolean {
  if (head.length < 28) return false;
  const view = viewOf(head);
  const magic = view.getUint32(0, false);
  const little = magic === 0xcefa_edfe || magic === 0xcffa_edfe;
  if (!little && magic !== 0xfeed_face && magic !== 0xfeed_facf) return false;
  const fileType = view.getUint32(12, little);
  return fileType >= 1 && fileType <= 16 && (view.getUint32(4, little) & 0x00ff_ffff) <= 64;
}

/** Java classes and fat Mach-O share a magic number: the next word is a class version, or a small count of architectures. */
function kindOfCafebabe(head: Uint8Array): 'java-class' | 'mach-o' | undefined {
  if (head.length < 12) return undefined;
  const next = viewOf(head).getUint32(4, false);
  if (next > 0 && next < 0x20) return 'mach-o';
  return (next & 0xffff) >= 45 && (next & 0xffff) < 200 ? 'java-class' : undefined;
}

/** A `.pyc`: the magic of a Python 2.7 or 3 release, and a marshalled code object where that release puts it. */
function isPythonBytecode(head: Uint8Array): boolean {
  if (head.length < 32 || !hasBytes(head, '\r\n', 2)) return false;
  const magic = viewOf(head).getUint16(0, true);
  const isRelease = magic === 62211 || (magic >= 3000 && magic < 4000);
  return isRelease && [8, 12, 16].some((at) => head[at] === 0x63 || head[at] === 0xe3);
}

/** A script whose head, middle or end is not text: self-extracting archives and embedded programs. */
function carriesPayload(head: Uint8Array, source: ByteSource): boolean {
  if (!/^#! ?\/[\w./-]+/.test(latin1(head.subarray(0, 256)))) return false;
  if (!looksLikeText(head)) return true;
  const { size } = source;
  if (size <= head.length) return false;
  const samples = [Math.floor(size / 2), Math.max(0, size - 1024)];
  return samples.some((at) => latin1(source.read(at, 1024)).includes('\0'));
}
