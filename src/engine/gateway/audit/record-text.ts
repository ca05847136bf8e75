import type { ExchangeDecision, ExchangeRecord } from './exchange-record.ts';

/** Where the sealed content of an exchange is, as its record says it. */
export interface ContentNote {
  readonly key: string;
  /** Of the sealed bytes, hexadecimal. */
  readonly sha256: string;
  /** Whether it was cut to its greatest length. */
  readonly cut: boolean;
}

/** Why: names come from clients and upstreams; a record stays small whatever they send. */
const TEXT = 512;
const LIST = 64;
/** Why: Postgres stores no zero byte, and half of a pair of surrogates is no text; clients may send both. */
const UNSTORABLE = /[\u0000\ud800-\udfff]/;

/**
 * A record as canonical JSON (RFC 8785), which is what is hashed. Why by hand: keys are written in their order, so that the engine's own
 * JSON is the canonical one, at a third of the cost.
 */
export function recordText(record: ExchangeRecord, content: ContentNote | null = null): string {
  const { who, usage, latency } = record;
  return JSON.stringify({
    at: whole(record.at),
    attempts: whole(record.attempts),
    content: content === null ? null : { cut: content.cut, key: content.key, sha256: content.sha256 },
    costMicros: whole(record.costMicros),
    id: clip(record.id),
    latency: { firstByte: milliseconds(latency.firstByte), total: milliseconds(latency.total), upstream: milliseconds(latency.upstream) },
    model: clip(record.model),
    outcome: record.outcome,
    policy: clip(record.policy),
    protocol: record.protocol,
    reason: clip(record.reason),
    request: decision(record.request),
    requestSha256: clip(record.requestSha256),
    response: decision(record.response),
    responseSha256: clip(record.responseSha256),
    route: clip(record.route),
    session: clip(record.session),
    status: whole(record.status),
    stream: record.stream,
    upstream: clip(record.upstream),
    upstreamModel: clip(record.upstreamModel),
    usage:
      usage === null
        ? null
        : {
            cachedTokens: whole(usage.cachedTokens),
            inputTokens: whole(usage.inputTokens),
            measured: usage.measured,
            outputTokens: whole(usage.outputTokens),
          },
    who: { ip: clip(who.ip), key: clip(who.key), name: clip(who.name), principal: clip(who.principal), teams: list(who.teams) },
  });
}

/** A record as it is stored, with the note of its content. */
export interface StoredRecord extends ExchangeRecord {
  readonly content: ContentNote | null;
}

function decision(of: ExchangeDecision | null): ExchangeDecision | null {
  return of === null ? null : { detectors: list(of.detectors), effect: of.effect, rules: list(of.rules), score: finite(of.score) };
}

function clip<T extends string | null>(text: T): T {
  if (text === null) return text;
  const short = text.length > TEXT ? text.slice(0, TEXT) : text;
  return (UNSTORABLE.test(short) ? Buffer.from(short).toString().replaceAll('\0', '\ufffd') : short) as T;
}

function list(texts: readonly string[]): readonly string[] {
  return texts.length > LIST ? texts.slice(0, LIST).map(clip) : texts.map(clip);
}

/** Why: what an upstream counts may be anything, and a column that adds up takes whole numbers only. */
function whole(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(0, Math.round(value)), Number.MAX_SAFE_INTEGER) : 0;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** Microseconds are enough. */
function milliseconds(value: number | null): number | null {
  return value === null ? null : Math.round(finite(value) * 1_000) / 1_000;
}
