/**
 * List prices of well-known models, US dollars for a million tokens of text, standard service tier.
 *
 * As of 2026-11-21. Anthropic: its page of prices (platform.claude.com/docs/en/about-claude/pricing). OpenAI
 * (developers.openai.com/api/docs/pricing) and Google (ai.google.dev/gemini-api/docs/pricing): dated public transcriptions of
 * their pages, not the pages themselves; the dearer where two differ. Not confirmed by either: gpt-4-turbo, gpt-3.5-turbo, o1
 * and gpt-5.2 (older list prices), cached input of the o models, cache writes of gpt-6.1-sol, the long context of gpt-5.5 (taken
 * to be as of its family). Where a price is promotional or will rise by a date that was announced, the higher one is listed: a
 * budget must hold on the day the promotion ends.
 *
 * Service tiers, as of 2026-11-22: `priority` of OpenAI, which is called `fast` as well (openai.com/api-fast-mode, before July
 * 2026 openai.com/api-priority-processing; it leaves long input out; gpt-6.1-sol by a dated transcription of its page), `flex` of OpenAI
 * and Azure at the price of batches (developers.openai.com/api/docs/guides/flex-processing, learn.microsoft.com/azure/foundry/openai/
 * how-to/flex-processing). Pictures of DALL-E, gpt-image-1 by tokens (those of pictures, the dearer ones, for all) and whisper by the
 * minute: dated public transcriptions of OpenAI's prices, the dearer where two differ; speech by the character: its pages of the models
 * (developers.openai.com/api/docs/models/tts-1-hd). Transcriptions by tokens: those pages, and for tokens of sound, the dearer ones, the
 * OpenAI cookbook and a transcription of the page of prices; all input is taken for sound. `speed: fast` of Anthropic: twice or six times
 * all rates, caches included (platform.claude.com/docs/build-with-claude/fast-mode, older and newer copies, and price pages of two
 * resellers); not on other clouds. No source was found for other models of pictures and speech, and for `priority` of models without
 * it here and of other clouds: they have no price. Neither has gpt-4o-mini-tts: its answers do not say how many tokens they were.
 *
 * Prices change: `gateway.prices` of cordon.yaml is asked first. Why no family has a wildcard for versions to come: their price
 * is not known, and a guess that is too low overspends every budget. Only dates after a name (`-20*`) are left open.
 */

/** What one row of the list says. */
export interface ListedPrice {
  /** Names at the provider; dated versions of them cost the same. */
  readonly models: readonly string[];
  readonly input: number;
  /** Default: as input. */
  readonly cached?: number;
  /** Default: as input. Of Anthropic, the price of five minutes. */
  readonly write?: number;
  /** What stays in the cache for an hour. Default: as `write`. */
  readonly writeHour?: number;
  readonly output: number;
  /** Input above `above` tokens: factors for input (cache too) and output of the whole call. */
  readonly long?: { readonly above: number; readonly input: number; readonly output: number };
  /** Of the tier `priority`; what it says nothing of, such as writes to the cache, is dearer by as much as the input. */
  readonly priority?: readonly [input: number, cached: number, output: number];
  /** How many times all of it what is asked for with `speed: fast` costs. */
  readonly fast?: number;
  /** For a picture; undefined: any size or quality. First what the provider takes where a request says nothing. */
  readonly images?: readonly (readonly [size: string | undefined, quality: string | undefined, usd: number])[];
  /** For a minute of a recording. */
  readonly minute?: number;
  /** For a million characters that are read out. */
  readonly characters?: number;
}

/**
 * Part of the price that requests of a batch cost at OpenAI (developers.openai.com/api/docs/guides/batch), Azure OpenAI (global batch)
 * and Anthropic (platform.claude.com/docs/en/build-with-claude/batch-processing): half of it for all models and all tokens.
 */
export const BATCH_PART = 0.5;

const OPENAI_LONG = { above: 272_000, input: 2, output: 1.5 };
const GEMINI_LONG = { above: 200_000, input: 2, output: 1.5 };

/** OpenAI. */
export const OPENAI_PRICES: readonly ListedPrice[] = [
  { models: ['gpt-6-astra'], input: 10, cached: 1, write: 12.5, output: 50, long: OPENAI_LONG },
  { models: ['gpt-6.1-sol'], input: 2, cached: 0.1, write: 2.5, output: 10, long: OPENAI_LONG, priority: [4, 0.2, 20] },
  { models: ['gpt-6-sol'], input: 2, cached: 0.2, write: 2.5, output: 10, long: OPENAI_LONG },
  { models: ['gpt-6-luna'], input: 0.1, cached: 0.01, write: 0.125, output: 0.5, long: OPENAI_LONG },
  { models: ['gpt-5.6', 'gpt-5.6-sol'], input: 5, cached: 0.5, write: 6.25, output: 30, long: OPENAI_LONG, priority: [10, 1, 60] },
  { models: ['gpt-5.6-terra'], input: 2, cached: 0.2, write: 2.5, output: 12, long: OPENAI_LONG, priority: [4, 0.4, 24] },
  { models: ['gpt-5.6-luna'], input: 0.2, cached: 0.02, write: 0.25, output: 1.2, long: OPENAI_LONG, priority: [0.4, 0.04, 2.4] },
  { models: ['gpt-5.5'], input: 5, cached: 0.5, output: 30, long: OPENAI_LONG, priority: [12.5, 1.25, 75] },
  { models: ['gpt-5.4'], input: 2.5, cached: 0.25, output: 15, long: OPENAI_LONG, priority: [5, 0.5, 30] },
  { models: ['gpt-5.4-mini'], input: 0.75, cached: 0.075, output: 4.5, priority: [1.5, 0.15, 9] },
  { models: ['gpt-5.4-nano'], input: 0.2, cached: 0.02, output: 1.25 },
  { models: ['gpt-5.2', 'gpt-5.2-chat-latest'], input: 1.75, cached: 0.175, output: 14, priority: [3.5, 0.35, 28] },
  {
    models: ['gpt-5', 'gpt-5.1', 'gpt-5-chat-latest', 'gpt-5.1-chat-latest'],
    input: 1.25,
    cached: 0.125,
    output: 10,
    priority: [2.5, 0.25, 20],
  },
  { models: ['gpt-5-mini'], input: 0.25, cached: 0.025, output: 2, priority: [0.45, 0.045, 3.6] },
  { models: ['gpt-5-nano'], input: 0.05, cached: 0.005, output: 0.4 },
  { models: ['gpt-5-pro'], input: 15, output: 120 },
  { models: ['gpt-4.1'], input: 2, cached: 0.5, output: 8, priority: [3.5, 0.875, 14] },
  { models: ['gpt-4.1-mini'], input: 0.4, cached: 0.1, output: 1.6, priority: [0.7, 0.175, 2.8] },
  { models: ['gpt-4.1-nano'], input: 0.1, cached: 0.025, output: 0.4, priority: [0.2, 0.05, 0.8] },
  { models: ['gpt-4o-2024-05-13'], input: 5, output: 15, priority: [8.75, 8.75, 26.25] },
  { models: ['gpt-4o'], input: 2.5, cached: 1.25, output: 10, priority: [4.25, 2.125, 17] },
  { models: ['gpt-4o-mini'], input: 0.15, cached: 0.075, output: 0.6 },
  { models: ['gpt-4-turbo'], input: 10, output: 30 },
  { models: ['gpt-3.5-turbo'], input: 1.5, output: 2 },
  { models: ['o3'], input: 2, cached: 0.5, output: 8 },
  { models: ['o4-mini'], input: 1.1, cached: 0.275, output: 4.4 },
  { models: ['o3-mini'], input: 1.1, cached: 0.55, output: 4.4 },
  { models: ['o1'], input: 15, cached: 7.5, output: 60 },
  { models: ['text-embedding-3-small'], input: 0.02, output: 0 },
  { models: ['text-embedding-3-large'], input: 0.13, output: 0 },
  { models: ['text-embedding-ada-002'], input: 0.1, output: 0 },
  { models: ['gpt-image-1'], input: 10, cached: 2.5, output: 40 },
  {
    models: ['dall-e-3'],
    input: 0,
    output: 0,
    images: [
      ['1024x1024', 'standard', 0.04],
      ['1024x1024', 'hd', 0.08],
      [undefined, 'standard', 0.08],
      [undefined, 'hd', 0.12],
    ],
  },
  {
    models: ['dall-e-2'],
    input: 0,
    output: 0,
    images: [
      ['1024x1024', undefined, 0.02],
      ['256x256', undefined, 0.016],
      ['512x512', undefined, 0.018],
      [undefined, undefined, 0.02],
    ],
  },
  { models: ['whisper-1'], input: 0, output: 0, minute: 0.006 },
  { models: ['gpt-4o-transcribe'], input: 6, output: 10 },
  { models: ['gpt-4o-mini-transcribe'], input: 3, output: 5 },
  { models: ['tts-1'], input: 0, output: 0, characters: 15 },
  { models: ['tts-1-hd'], input: 0, output: 0, characters: 30 },
  { models: ['omni-moderation-latest', 'omni-moderation'], input: 0, output: 0 },
];

/** Anthropic. */
export const ANTHROPIC_PRICES: readonly ListedPrice[] = [
  { models: ['claude-fable-5-1'], input: 10, cached: 0.25, write: 12.5, writeHour: 20, output: 50 },
  { models: ['claude-fable-5'], input: 10, cached: 1, write: 12.5, writeHour: 20, output: 50 },
  { models: ['claude-opus-5-5'], input: 4, cached: 0.2, write: 5, writeHour: 8, output: 20, fast: 2 },
  { models: ['claude-opus-5', 'claude-opus-4-8'], input: 5, cached: 0.5, write: 6.25, writeHour: 10, output: 25, fast: 2 },
  { models: ['claude-opus-4-7', 'claude-opus-4-6'], input: 5, cached: 0.5, write: 6.25, writeHour: 10, output: 25, fast: 6 },
  { models: ['claude-opus-4-5'], input: 5, cached: 0.5, write: 6.25, writeHour: 10, output: 25 },
  { models: ['claude-opus-4-1', 'claude-opus-4'], input: 15, cached: 1.5, write: 18.75, writeHour: 30, output: 75 },
  { models: ['claude-sonnet-5-5'], input: 2, cached: 0.1, write: 2.5, writeHour: 4, output: 10 },
  { models: ['claude-sonnet-5'], input: 2, cached: 0.2, write: 2.5, writeHour: 4, output: 10 },
  {
    models: ['claude-sonnet-4-6', 'claude-sonnet-4-5', 'claude-sonnet-4'],
    input: 3,
    cached: 0.3,
    write: 3.75,
    writeHour: 6,
    output: 15,
  },
  {
    models: ['claude-haiku-5-5'],
    input: 0.1,
    cached: 0.01,
    write: 0.125,
    writeHour: 0.2,
    output: 0.5,
    long: { above: 100_000, input: 5, output: 5 },
  },
  { models: ['claude-haiku-4-5'], input: 1, cached: 0.1, write: 1.25, writeHour: 2, output: 5 },
  { models: ['claude-3-5-haiku'], input: 0.8, cached: 0.08, write: 1, writeHour: 1.6, output: 4 },
];

/** Google. */
export const GOOGLE_PRICES: readonly ListedPrice[] = [
  { models: ['gemini-3.8-flash'], input: 1.5, output: 7.5 },
  { models: ['gemini-3.5-flash'], input: 1.5, output: 9 },
  { models: ['gemini-3.5-flash-lite'], input: 0.3, output: 2.5 },
  { models: ['gemini-3.1-pro', 'gemini-3.1-pro-preview'], input: 2, output: 12, long: GEMINI_LONG },
  { models: ['gemini-2.5-pro'], input: 1.25, output: 10, long: GEMINI_LONG },
  { models: ['gemini-2.5-flash'], input: 0.3, output: 2.5 },
  { models: ['gemini-2.5-flash-lite'], input: 0.1, output: 0.4 },
];
