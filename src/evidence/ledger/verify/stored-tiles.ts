import { CompactRange } from '../merkle/compact-range.ts';
import { foldSubtrees, subtreesOf } from '../merkle/subtrees.ts';
import { levelsOf, TILE_WIDTH, type Tile, tilePath } from '../tiles/paths.ts';
import { readHashTile } from './export-reader.ts';
import { Wrong, wrongEntry } from './problem.ts';

/** The tiles of hashes of an export, compared with what its entries give. One tile of each level is held. */
export class StoredTiles {
  readonly #folder: string;
  readonly #size: number;
  readonly #root: Buffer;
  readonly #held: { tile: Tile; hashes: readonly Buffer[] }[] = [];

  constructor(folder: string, size: number, root: Buffer) {
    this.#folder = folder;
    this.#size = size;
    this.#root = root;
  }

  /** Compares one hash that was computed; when it differs, says whether the tile or what is under it is wrong. */
  async compare(level: number, position: number, hash: Buffer): Promise<void> {
    const tile = this.#tile(level, Math.floor(position / TILE_WIDTH));
    let held = this.#held[level];
    if (held?.tile.index !== tile.index) {
      const hashes = await readHashTile(this.#folder, tile);
      if (hashes === undefined) throw wrongTile(tile, position, 'it is missing or has the wrong length');
      held = { tile, hashes };
      this.#held[level] = held;
    }
    const index = position % TILE_WIDTH;
    if (held.hashes[index]!.equals(hash)) return;
    const confirmed = await this.#isConfirmed(tile, held.hashes);
    const otherwise = !confirmed && (await this.#isConfirmed(tile, held.hashes.with(index, hash)));
    if (otherwise) throw wrongTile(tile, position, `its hash ${index} is not that of what is under it`);
    const start = position * TILE_WIDTH ** level;
    throw wrongEntry(start, `not what ${tilePath(tile)} has the hash of`, start + TILE_WIDTH ** level);
  }

  /** Whether the hashes of a tile lead to what is above it: its parent, or at the right edge the signed root. */
  async #isConfirmed(tile: Tile, hashes: readonly Buffer[]): Promise<boolean> {
    const level = tile.level as number;
    if (tile.width < TILE_WIDTH) return (await this.#rootWith(level, hashes))?.equals(this.#root) ?? false;
    const parent = await readHashTile(this.#folder, this.#tile(level + 1, Math.floor(tile.index / TILE_WIDTH)));
    return parent?.[tile.index % TILE_WIDTH]?.equals(rootOf(hashes)) ?? false;
  }

  /** Root from the tiles of the right edge, with one of them replaced. */
  async #rootWith(replaced: number, hashes: readonly Buffer[]): Promise<Buffer | undefined> {
    const edge: Buffer[] = [];
    for (let level = levelsOf(this.#size) - 1; level >= 0; level--) {
      const width = Math.floor(this.#size / TILE_WIDTH ** level) % TILE_WIDTH;
      if (width === 0) continue;
      const index = Math.floor(this.#size / TILE_WIDTH ** (level + 1));
      const stored = level === replaced ? hashes : await readHashTile(this.#folder, { level, index, width });
      if (stored === undefined) return undefined;
      // Why in parts: the root of the log joins the complete subtrees from the right, not tile by tile.
      for (const { level: height, position } of subtreesOf({ start: 0, end: width })) {
        edge.push(rootOf(stored.slice(position * 2 ** height, (position + 1) * 2 ** height)));
      }
    }
    return foldSubtrees(edge);
  }

  #tile(level: number, index: number): Tile {
    const width = Math.min(TILE_WIDTH, Math.floor(this.#size / TILE_WIDTH ** level) - index * TILE_WIDTH);
    return { level, index, width };
  }
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  const range = new CompactRange();
  for (const hash of hashes) range.append(hash);
  return range.root();
}

function wrongTile(tile: Tile, position: number, message: string): Wrong {
  return new Wrong({ kind: 'tile', name: tilePath(tile), position: position * TILE_WIDTH ** (tile.level as number), message });
}
