import type { PseudonymMap } from './pseudonyms.ts';

/** Longest name that a stream waits for. */
const MAX_NAME = 320;

/** Puts the values back in the place of their names, for a caller who may see them. A name in no map stays as it is. */
export function restore(text: string, map: PseudonymMap): string {
  const stream = new RestoreStream(map);
  return stream.push(text) + stream.end();
}

/** Restores a text that arrives in pieces; a name may be cut anywhere. One per conversation channel and choice. */
export class RestoreStream {
  readonly #map: PseudonymMap;
  #names: NameTree | undefined;
  #size = -1;
  #held = '';

  constructor(map: PseudonymMap) {
    this.#map = map;
  }

  /** UTF-16 code units held back: the beginning of what may be a name. */
  get held(): number {
    return this.#held.length;
  }

  /** Reads a piece, returns what is decided. */
  push(piece: string): string {
    return this.#read(this.#held + piece, false);
  }

  /** The text is complete: returns the rest. */
  end(): string {
    return this.#read(this.#held, true);
  }

  /** The text broke off: what was held back is dropped. */
  abort(): void {
    this.#held = '';
  }

  #read(text: string, final: boolean): string {
    const names = this.#tree();
    let out = '';
    let passed = 0;
    let at = 0;
    while (at < text.length) {
      const found = longestName(names, text, at);
      if (found.open && !final) break;
      if (found.end === at) {
        at++;
        continue;
      }
      out += text.slice(passed, at) + this.#map.valueOf(text.slice(at, found.end))!;
      at = found.end;
      passed = at;
    }
    this.#held = text.slice(at);
    return out + text.slice(passed, at);
  }

  /** Why rebuilt: names may be given out while a response is already under way. */
  #tree(): NameTree {
    if (this.#names === undefined || this.#size !== this.#map.size) {
      this.#names = buildTree(this.#map.names());
      this.#size = this.#map.size;
    }
    return this.#names;
  }
}

interface NameTree {
  readonly next: Map<number, NameTree>;
  end: boolean;
}

function buildTree(names: Iterable<string>): NameTree {
  const root: NameTree = { next: new Map(), end: false };
  for (const name of names) {
    if (name.length > MAX_NAME) continue;
    let node = root;
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at);
      let child = node.next.get(code);
      if (child === undefined) {
        child = { next: new Map(), end: false };
        node.next.set(code, child);
      }
      node = child;
    }
    node.end = true;
  }
  return root;
}

/** The end of the longest name at a place, and whether a longer one could go on beyond the text. */
function longestName(tree: NameTree, text: string, start: number): { readonly end: number; readonly open: boolean } {
  let node: NameTree | undefined = tree;
  let end = start;
  let at = start;
  for (; at < text.length; at++) {
    node = node.next.get(text.charCodeAt(at));
    if (node === undefined) return { end, open: false };
    if (node.end) end = at + 1;
  }
  return { end, open: node.next.size > 0 };
}
