/** Hashes of a tile, entries of a bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

/** A tile or, at level `entries`, a bundle of entries. */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  /** Less than 256 at the right edge. */
  readonly width: number;
}

/** Path of a tile: `tile/0/x001/x234/067.p/8`. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const parts = digits.match(/\d{3}/g) ?? [];
  const name = parts.map((part, at) => (at === parts.length - 1 ? part : `x${part}`)).join('/');
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Reads the path of a tile; undefined for anything that {@link tilePath} does not write. */
export function parseTilePath(path: string): Tile | undefined {
  const match = /^tile\/(\d{1,2}|entries)\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (match === null) return undefined;
  const tile: Tile = {
    level: match[1] === 'entries' ? 'entries' : Number(match[1]),
    index: Number(match[2]!.replaceAll(/[x/]/g, '')),
    width: match[3] === undefined ? TILE_WIDTH : Number(match[3]),
  };
  const valid = tile.width > 0 && tile.width <= TILE_WIDTH && tilePath(tile) === path;
  return valid ? tile : undefined;
}

/** Every tile of one level of a log, from left to right. */
export function* tilesOf(level: number | 'entries', size: number): Generator<Tile> {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  for (let index = 0; index * TILE_WIDTH < hashes; index++) {
    yield { level, index, width: Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH) };
  }
}

/** How many levels of tiles a log has. */
export function levelsOf(size: number): number {
  let levels = 0;
  for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / TILE_WIDTH)) levels++;
  return levels;
}
