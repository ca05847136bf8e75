import * as z from 'zod';
import { secretReference } from './secret-reference.ts';

/** Versions of the GenAI semantic conventions of OpenTelemetry that names can follow. */
export const GENAI_CONVENTIONS = ['1.36', '1.41', 'latest'] as const;
export type GenAiConventions = (typeof GENAI_CONVENTIONS)[number];

const HeaderName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'use the name of a header');

/** Where traces and metrics are sent by OTLP/HTTP. */
export const OtlpConfig = z
  .strictObject({
    endpoint: z.url({ protocol: /^https?$/ }).describe('base address; /v1/traces and /v1/metrics are added'),
    headers: z.record(HeaderName, secretReference).default({}).describe('headers such as credentials: where their values are kept'),
    traces: z.boolean().default(true),
    metrics: z.boolean().default(true),
    sampleRatio: z.number().min(0).max(1).default(1).describe('part of the traces that begin here; others follow whoever began them'),
    metricSeconds: z.int().min(1).max(3_600).default(60).describe('how often metrics are sent'),
    queueSpans: z.int().min(64).max(1_000_000).default(8_192).describe('spans that wait at most; more are dropped and counted'),
    timeoutSeconds: z.int().min(1).max(60).default(10),
    resource: z.record(z.string().min(1).max(100), z.string().max(500)).default({}).describe('attributes of this service'),
  })
  .describe('an OpenTelemetry collector');
export type OtlpConfig = z.infer<typeof OtlpConfig>;

/** The section `gateway.telemetry` of `cordon.yaml`. */
export const GatewayTelemetryConfig = z
  .strictObject({
    serviceName: z.string().min(1).max(100).default('cordon'),
    conventions: z.enum(GENAI_CONVENTIONS).default('1.41').describe('version of the GenAI conventions that names follow'),
    propagate: z.boolean().default(true).describe('pass the trace of a request on to the upstream'),
    maxLabelValues: z.int().min(10).max(10_000).default(200).describe('different models, rules and reasons in metrics; others are "other"'),
    otlp: OtlpConfig.optional(),
  })
  .describe('metrics and traces of the gateway');
export type GatewayTelemetryConfig = z.infer<typeof GatewayTelemetryConfig>;
