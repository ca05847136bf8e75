import type { Call } from '../call.ts';
import type { DefenceConfig } from '../../../core/gateway-defence-config.ts';

/** A decision of the guard on something of a call. */
export interface DetectionEvent {
  readonly call: Call;
  readonly effect: 'allow' | 'redact' | 'hold' | 'block';
  readonly detectors: readonly string[];
  readonly rules: readonly string[];
  readonly session?: string | undefined;
}

/** Turns repeated detections into actions. */
export interface Defence {
  /** Counts a decision; what follows from it counts for the next call. Never throws, never waits. */
  observe(event: DetectionEvent): void;
  /** Profile of the guard that counts for this call because somebody or something was tightened. */
  profileFor(call: Call, session?: string): string | undefined;
  reconfigure(config: DefenceConfig): void;
  /** Settles when every action that was taken so far is in the database. */
  settled(): Promise<void>;
  close(): Promise<void>;
}
