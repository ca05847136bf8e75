import type { AssessCall, Guard } from '../../engine/guard/guard.ts';
import type { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import type { Target } from '../../engine/gateway/upstreams/upstreams.ts';
import type { Made, Protocol } from '../protocol.ts';
import type { Translated } from '../translate/translation.ts';
import type { Exchange } from './exchange.ts';
import type { ToolCalls } from './tool-calls.ts';

/** How the answer of one exchange is guarded. */
export interface Guarding {
  readonly exchange: Exchange;
  readonly protocol: Protocol;
  readonly guard: Guard;
  /** System prompt, marks and names of this conversation. */
  readonly call: AssessCall;
  readonly toolCalls: ToolCalls;
  /** Names to be replaced by the values that they stand for; undefined: the caller may not see them. */
  readonly restored: PseudonymMap | undefined;
  /** Whether the count of tokens was asked for by the gateway and not by the client. */
  readonly addedUsage: boolean;
  /** The request for targets of the other protocol, and the way back of their answers; undefined: none of them is asked. */
  readonly translated?: Translated | undefined;
  /** The only target that may be asked, because it keeps what the request is about; undefined: any target of the model. */
  readonly pinned?: Target | undefined;
  /** Takes what the provider keeps for the caller from now on. */
  readonly made?: ((made: readonly Made[]) => void) | undefined;
  /** Takes what the guard left of an answer, before any value is put back; undefined: nobody keeps it. */
  readonly keep: ((text: string) => void) | undefined;
}
