import type { Price } from './price.ts';

/** What is charged for pictures, recordings and texts that are read out. Micro-dollars. */
export interface MediaPrice {
  /** For a picture: the first row that fits; what is undefined fits every size and quality. The first row is what providers take by themselves. */
  readonly images?:
    | readonly { readonly size: string | undefined; readonly quality: string | undefined; readonly each: number }[]
    | undefined;
  /** For a minute of a recording. */
  readonly minute?: number | undefined;
  /** For a million characters that are read out. */
  readonly characters?: number | undefined;
}

/** What is asked for besides tokens. */
export interface MediaAsked {
  readonly images?: { readonly count: number; readonly size: string; readonly quality: string } | undefined;
  readonly characters?: number | undefined;
  /** Of recordings. */
  readonly bytes?: number | undefined;
}

/** What an answer says was made. */
export interface MediaMade {
  readonly images?: number | undefined;
  readonly seconds?: number | undefined;
}

/** Why: no codec for speech that people use takes fewer bytes for a second (Opus and AMR at 4.75 kbit/s). */
const FEWEST_BYTES_OF_SECOND = 500;
/** Why bounded: what an upstream counts is hostile. */
const MOST_SECONDS = 1_000_000;

/** The price with what is asked for, or was made, besides tokens: a part of what the call costs whatever its tokens. */
export function withMedia(price: Price, asked: MediaAsked | undefined, made?: MediaMade): Price {
  if (asked === undefined || price.media === undefined) return price;
  return { ...price, request: price.request + mediaMicros(price.media, asked, made) };
}

function mediaMicros({ images, minute, characters }: MediaPrice, asked: MediaAsked, made: MediaMade = {}): number {
  let micros = 0;
  if (images !== undefined && asked.images !== undefined) {
    const count = Math.min(made.images ?? asked.images.count, asked.images.count);
    micros += count * pictureMicros(images, asked.images.size, asked.images.quality);
  }
  if (characters !== undefined) micros += Math.ceil(((asked.characters ?? 0) * characters) / 1_000_000);
  if (minute !== undefined)
    micros += Math.ceil((Math.min(made.seconds ?? (asked.bytes ?? 0) / FEWEST_BYTES_OF_SECOND, MOST_SECONDS) * minute) / 60);
  return micros;
}

/** What is left out is as in the first row; `auto` is the dearest that it may become, and so is what no row fits. */
function pictureMicros(images: NonNullable<MediaPrice['images']>, size: string, quality: string): number {
  const sizes = valuesOf(
    size,
    images[0]?.size,
    images.map((one) => one.size),
  );
  const qualities = valuesOf(
    quality,
    images[0]?.quality,
    images.map((one) => one.quality),
  );
  const found = sizes.flatMap((ofSize) =>
    qualities.map(
      (ofQuality) => images.find((one) => (one.size ?? ofSize) === ofSize && (one.quality ?? ofQuality) === ofQuality)?.each ?? -1,
    ),
  );
  const most = Math.max(-1, ...found);
  return most >= 0 ? most : Math.max(0, ...images.map(({ each }) => each));
}

/** What a field may stand for; an empty text stands for what no row names. */
function valuesOf(asked: string, first: string | undefined, named: readonly (string | undefined)[]): readonly string[] {
  if (asked === '') return [first ?? ''];
  return asked === 'auto' ? [...new Set(named.map((name) => name ?? ''))] : [asked];
}
