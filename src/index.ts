/**
 * Cordon as a library: the functions the command line calls, usable without a server.
 *
 * @example
 * import { scan } from 'cordon';
 * const report = await scan(['models/']);
 * if (report.gate.effect === 'deny') console.error(report.gate.reasons);
 *
 * @module
 */
export type { Artifact, Fact } from './core/artifact.ts';
export { Config } from './core/config.ts';
export { CordonError, type ErrorCode } from './core/errors.ts';
export type { Finding, Suppression } from './core/finding.ts';
export { Report } from './core/report.ts';
export type { Rule } from './core/rule.ts';
export type { Severity } from './core/severity.ts';
export type { Completeness, Verdict } from './core/verdict.ts';
export type { WaiverStatus } from './core/waiver.ts';
export { type Conversion, convertToSafetensors, type ConvertOptions } from './engine/convert/convert.ts';
export { openRemotes, type RemoteOptions, type Remotes } from './engine/remote/open-remotes.ts';
export type { RemoteFile } from './engine/remote/remote-file.ts';
export { RULES } from './engine/rule-set.ts';
export { PseudonymMap } from './patterns/redact/pseudonyms.ts';
export { restore, RestoreStream } from './patterns/redact/restore.ts';
export { type Conversation, type Message, withTexts } from './engine/guard/conversation.ts';
export type { GuardDecision, GuardDetection, GuardEffect, GuardReason, JudgeStatus } from './engine/guard/decision.ts';
export { type AssessCall, createGuard, guard, type Guard, type GuardCall, type GuardOptions } from './engine/guard/guard.ts';
export type { Judge, SeatedJudge } from './engine/guard/judge.ts';
export { AssessedStream, type AssessedStreamOptions } from './engine/guard/assessed-stream.ts';
export { GuardStream, type GuardStreamOptions } from './engine/guard/guard-stream.ts';
export { createSession, type GuardSession } from './engine/guard/session.ts';
export type { Channel, Segment, Trust } from './core/text.ts';
export { createToolGuard, type ToolGuard, type ToolGuardOptions } from './engine/guard/tool-guard.ts';
export { scan, type ScanOptions } from './engine/scan.ts';
export type { ScanProgress } from './engine/inspect-paths.ts';
export { anthropicEvents } from './policy/tools/adapters/anthropic.ts';
export { mcpEvents } from './policy/tools/adapters/mcp.ts';
export { openAiEvents } from './policy/tools/adapters/openai.ts';
export type { ToolEvent } from './policy/tools/adapters/tool-event.ts';
export type { ToolCall } from './policy/tools/tool-call.ts';
export type { ToolDecision } from './policy/tools/tool-decision.ts';
export { configJsonSchema, loadConfig } from './policy/config/load-config.ts';
export { REPORTERS } from './reporters/index.ts';
export { reportSchema as reportJsonSchema } from './reporters/json/report-schema.ts';
export { type ManifestOptions, signModel } from './evidence/oms/sign-model.ts';
export { type VerifiedModel, verifyModel, type VerifyOptions } from './evidence/oms/verify-model.ts';
export { certificateSeal, keySeal, type Seal } from './evidence/signature/seal.ts';
export type { TrustPolicy } from './evidence/signature/trust-policy.ts';
export { openSigner } from './vault/open-signer.ts';
export type { Signer } from './vault/signer.ts';
