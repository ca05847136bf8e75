import * as z from 'zod';
import { ModerationConfig } from './moderation-config.ts';

const Name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');
const RuleId = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'name a rule such as injection.override');

/** What is done with what a detector finds: nothing but a note, replacing it, refusing the text, or not looking at all. */
export const DetectorMode = z.enum(['off', 'monitor', 'redact', 'block']);
export type DetectorMode = z.infer<typeof DetectorMode>;

const common = {
  mode: DetectorMode.optional().describe('what to do with what it finds'),
  threshold: z.number().min(0).max(1).optional().describe('what scores less is listed and changes nothing'),
  exceptRules: z.array(RuleId).max(500).optional().describe('rules that are switched off'),
};

/** A denied topic: words or patterns that stand for it. */
export const TopicConfig = z
  .strictObject({
    id: Name,
    words: z.array(z.string().min(2).max(200)).max(10_000).default([]).describe('words or phrases, whole words, without regard to case'),
    patterns: z
      .array(z.string().min(1).max(8_192))
      .max(500)
      .default([])
      .describe('regular expressions of the subset that runs in linear time; others are refused'),
    score: z.number().min(0).max(1).default(1),
  })
  .refine(({ words, patterns }) => words.length + patterns.length > 0, 'give words or patterns')
  .describe('a denied topic');
export type TopicConfig = z.infer<typeof TopicConfig>;

/** Every detector with its options. */
export const DetectorsConfig = z
  .strictObject({
    injection: z
      .strictObject({
        ...common,
        model: z
          .string()
          .min(1)
          .max(1_000)
          .optional()
          .describe('folder of an ONNX model, relative to this file, or a package that holds one'),
        modelMode: z
          .enum(['uncertain', 'always'])
          .optional()
          .describe('when it is asked: where the classifier is uncertain (default), or always'),
        modelTimeout: z.int().min(50).max(120_000).optional().describe('milliseconds for all texts of one call (default 5,000)'),
        modelFailure: z.enum(['block', 'allow']).optional().describe('what is decided when it fails or is late (default: block)'),
      })
      .optional(),
    indirect: z.strictObject(common).optional(),
    extraction: z
      .strictObject({
        ...common,
        canaries: z.array(z.string().min(8).max(200)).max(100).optional().describe('tokens planted in the system prompt'),
        overlapWords: z
          .int()
          .min(5)
          .max(100)
          .optional()
          .describe('this many words in a row from the system prompt are a leak (default 12)'),
      })
      .optional(),
    pii: z
      .strictObject({
        ...common,
        entities: z.array(z.string()).max(200).optional().describe('only these, for example EMAIL; default: all'),
        except: z.array(z.string()).max(200).optional().describe('all but these'),
      })
      .optional(),
    secrets: z.strictObject({ ...common, except: z.array(z.string()).max(200).optional().describe('kinds to leave alone') }).optional(),
    'unsafe-output': z
      .strictObject({
        ...common,
        allowedHosts: z.array(z.string().min(1)).max(1_000).optional().describe('hosts that images and links with data may lead to'),
      })
      .optional(),
    topics: z.strictObject({ ...common, denied: z.array(TopicConfig).max(500).optional() }).optional(),
    limits: z
      .strictObject({
        ...common,
        maxCharacters: z.int().min(1).optional().describe('UTF-16 code units of one segment (default 1,000,000)'),
        maxTokens: z.int().min(1).optional().describe('estimated tokens of one segment (default: none)'),
        languages: z
          .array(z.string().regex(/^[a-z]{2}$/))
          .max(100)
          .optional()
          .describe('ISO 639-1 codes; other languages are refused'),
      })
      .optional(),
  })
  .describe('detectors by id');
export type DetectorsConfig = z.infer<typeof DetectorsConfig>;

/** A condition that raises the effect of a decision. */
export const GuardCondition = z
  .strictObject({
    id: Name,
    when: z.string().min(1).max(10_000).describe('CEL condition over detections, channels, score, session and redactions'),
    effect: z.enum(['hold', 'block', 'redact']).describe('what happens at least when it holds'),
    message: z.string().min(1).max(1_000).optional(),
  })
  .describe('a condition of the guard');
export type GuardCondition = z.infer<typeof GuardCondition>;

/** The profiles that come with Cordon. */
export const BUILTIN_GUARD_PROFILES = ['default', 'strict', 'monitor'] as const;
export type BuiltinGuardProfile = (typeof BUILTIN_GUARD_PROFILES)[number];

/** A profile: what one route does with conversation text. */
export const GuardProfile = z
  .strictObject({
    extends: z.enum(BUILTIN_GUARD_PROFILES).default('default').describe('start from a built-in profile'),
    failure: z.enum(['block', 'allow']).optional().describe('what is decided when the guard itself fails (default: block)'),
    detectors: DetectorsConfig.default({}),
    conditions: z.array(GuardCondition).max(100).default([]),
    moderation: z.array(ModerationConfig).max(20).default([]).describe('external services and models that judge texts'),
  })
  .describe('a guard profile');
export type GuardProfile = z.infer<typeof GuardProfile>;

/** The section `guard` of `cordon.yaml`. */
export const GuardConfig = z
  .strictObject({
    profile: Name.default('default').describe('profile used when nobody names one'),
    profiles: z.record(Name, GuardProfile).default({}),
  })
  .describe('what is done with prompts, responses and documents');
export type GuardConfig = z.infer<typeof GuardConfig>;
