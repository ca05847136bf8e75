import { CordonError } from '../../core/errors.ts';

/**
 * Words as a tree of letters in one array, four bytes a node. The child of a node for a class of letters stands at the base of the node plus
 * the number of the class, and only a child of that class has its number as label: no two nodes have the same base. Why so dense: words are
 * looked for at every word of every text, and a table with a row for each node is hundred times as large, more than a cache holds.
 */
export interface WordTree {
  /** Class of each code unit, 0 for those in no word. Letters that differ in case only have the same, and all digits. */
  readonly classOf: Uint16Array;
  /** Nodes: see {@link baseOf}, {@link labelOf} and {@link hasWords}. */
  readonly nodes: Int32Array;
  /** The node that all words begin at. */
  readonly root: number;
  /** The class of the child whose base is the index in `found`. */
  readonly end: number;
  /** What ends at nodes: indexes of the words that were given, in their order. */
  readonly found: readonly (readonly number[])[];
}

const BASE_SHIFT = 12;
const LABEL_MASK = 0x7ff;
const EMPTY = LABEL_MASK << 1;
const MOST_NODES = 1 << (32 - BASE_SHIFT);

/** Where the children of a node stand, to which the class of a child is added. */
export function baseOf(node: number): number {
  return node >>> BASE_SHIFT;
}

/** The class that leads to a node. */
export function labelOf(node: number): number {
  return (node >>> 1) & LABEL_MASK;
}

/** Whether a word ends at a node. */
export function hasWords(node: number): boolean {
  return (node & 1) !== 0;
}

/** Builds the tree of words that are folded as triggers are; the same word may stand in the list again. */
export function buildWordTree(words: readonly string[]): WordTree {
  const classOf = new Uint16Array(65_536);
  const end = assignClasses(words, classOf);
  const tree = new LetterTree();
  for (const [index, word] of words.entries()) tree.add(word, index, classOf);
  const { nodes, root, found } = pack(tree, end);
  return { classOf, nodes, root, end, found };
}

/** Gives a number to each letter; returns the one behind the last. */
function assignClasses(words: readonly string[], classOf: Uint16Array): number {
  let classes = 1;
  for (const word of words) {
    for (let at = 0; at < word.length; at++) {
      if (classOf[word.charCodeAt(at)] !== 0) continue;
      for (const form of formsOf(word[at]!)) classOf[form.charCodeAt(0)] = classes;
      classes++;
    }
  }
  if (classes >= LABEL_MASK) throw new CordonError('internal.bug', 'The words have too many different letters for one tree.');
  return classes;
}

/** The code units that are read as a letter. Why all sigmas: the one at the end of a word has the same capital as the others. */
function formsOf(letter: string): readonly string[] {
  if (letter === '0') return [...'0123456789'];
  if (letter === 'σ' || letter === 'ς') return ['σ', 'ς', 'Σ'];
  const upper = letter.toUpperCase();
  // Why the way back: the capital of `ı` is the `I` of `i`.
  return upper.length === 1 && upper.toLowerCase() === letter ? [letter, upper] : [letter];
}

/** The tree while it is built, in lists of numbers: fifty thousand objects would be seen at start. */
class LetterTree {
  readonly symbol: number[] = [0];
  /** 0 for none: no node leads back to the first. */
  readonly firstChild: number[] = [0];
  readonly nextSibling: number[] = [0];
  readonly words = new Map<number, number[]>();

  add(word: string, index: number, classOf: Uint16Array): void {
    let node = 0;
    for (let at = 0; at < word.length; at++) node = this.#child(node, classOf[word.charCodeAt(at)]!);
    const known = this.words.get(node);
    if (known === undefined) this.words.set(node, [index]);
    else known.push(index);
  }

  /** The classes that go on from a node. */
  children(node: number): number[] {
    const all: number[] = [];
    for (let at = this.firstChild[node]!; at !== 0; at = this.nextSibling[at]!) all.push(at);
    return all;
  }

  #child(node: number, symbol: number): number {
    for (let at = this.firstChild[node]!; at !== 0; at = this.nextSibling[at]!) if (this.symbol[at] === symbol) return at;
    this.nextSibling.push(this.firstChild[node]!);
    this.firstChild.push(0);
    return (this.firstChild[node] = this.symbol.push(symbol) - 1);
  }
}

/** Finds a place for the children of each node, near ones to the root first: they are asked most often, and so lie together. */
function pack(tree: LetterTree, end: number): Pick<WordTree, 'nodes' | 'root' | 'found'> {
  const room = new Room(tree.symbol.length + tree.words.size + end);
  const found: (readonly number[])[] = [];
  const placeOf = new Int32Array(tree.symbol.length);
  const order = [0];
  let root = 0;
  for (const node of order) {
    const children = tree.children(node);
    const words = tree.words.get(node);
    const classes = children.map((child) => tree.symbol[child]!);
    const base = room.take(words === undefined ? classes : [...classes, end]);
    const label = node === 0 ? 0 : tree.symbol[node]!;
    const value = (base << BASE_SHIFT) | (label << 1) | (words === undefined ? 0 : 1);
    if (node === 0) root = value;
    else room.nodes[placeOf[node]!] = value;
    if (words !== undefined) room.nodes[base + end] = ((found.push(words) - 1) << BASE_SHIFT) | (end << 1);
    for (const child of children) {
      placeOf[child] = base + tree.symbol[child]!;
      order.push(child);
    }
  }
  return { nodes: room.nodes.slice(0, room.used + end), root, found };
}

/** Places that are tried before those in front of them are taken for full. */
const PATIENCE = 100;

/** An array in which children find a place. */
class Room {
  nodes: Int32Array;
  /** Behind the last node. */
  used = 0;
  #bases: Uint8Array;
  /** From where on a place is looked for: for one child, and for several. */
  readonly #from: [number, number] = [1, 1];

  constructor(size: number) {
    this.nodes = new Int32Array(size * 2).fill(EMPTY);
    this.#bases = new Uint8Array(size * 2);
  }

  /** Takes the places of these classes behind a base that nobody has; returns the base. */
  take(classes: readonly number[]): number {
    const least = Math.min(...classes);
    const most = Math.max(...classes);
    const several = classes.length > 1 ? 1 : 0;
    const first = Math.max(1, this.#from[several] - least);
    let base = first;
    while (!this.#fits(base, most, classes)) base++;
    // Why not always: one child finds room in the gaps that several leave.
    if (several === 0 || base - first > PATIENCE) this.#from[several] = base + least;
    if (base + most >= MOST_NODES) throw new CordonError('internal.bug', 'The words are too many for one tree: split them.');
    this.#bases[base] = 1;
    // Only the label matters until the node itself is placed.
    for (const one of classes) this.nodes[base + one] = one << 1;
    this.used = Math.max(this.used, base + most + 1);
    return base;
  }

  #fits(base: number, most: number, classes: readonly number[]): boolean {
    if (base + most >= this.nodes.length) this.#grow();
    if (this.#bases[base] === 1) return false;
    for (let index = 0; index < classes.length; index++) if (this.nodes[base + classes[index]!] !== EMPTY) return false;
    return true;
  }

  #grow(): void {
    const nodes = new Int32Array(this.nodes.length * 2).fill(EMPTY);
    nodes.set(this.nodes);
    this.nodes = nodes;
    const bases = new Uint8Array(nodes.length);
    bases.set(this.#bases);
    this.#bases = bases;
  }
}
