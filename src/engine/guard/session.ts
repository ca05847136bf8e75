/**
 * What the guard remembers of a conversation between calls: plain data of bounded size that the caller keeps and passes on. Contains
 * the beginnings of recent user turns, so treat it as you treat the conversation.
 */
export interface GuardSession {
  /** 0 to 1: what earlier attempts leave behind, less with every turn. */
  risk: number;
  /** Turns in which something was found that counts. */
  attempts: number;
  turns: number;
  /** The last user turns, for instructions split over several. */
  recent: string[];
  /** Whether text that anybody may have written has entered. */
  tainted: boolean;
}

/** Why: an instruction split over more turns than this reads like nothing to a model either. */
const MAX_RECENT = 6;
const MAX_RECENT_LENGTH = 1_000;
/** What is left of the risk after a turn without a finding: a half after about five. */
const DECAY = 0.87;
/** How much of the risk goes into a score that has cause of its own. */
const WEIGHT = 0.5;

/** A session without history. */
export function createSession(): GuardSession {
  return { risk: 0, attempts: 0, turns: 0, recent: [], tainted: false };
}

/** A score in the light of what came before. Why only above a quarter: history alone accuses nobody. */
export function raised(score: number, session: GuardSession | undefined): number {
  if (session === undefined || score < 0.25) return score;
  return 1 - (1 - score) * (1 - WEIGHT * clamp(session.risk));
}

/** Notes a turn: its score before it was raised, and the user text in it. */
export function remember(session: GuardSession, score: number, userTexts: readonly string[], tainted: boolean): void {
  const decayed = clamp(session.risk) * DECAY;
  session.risk = clamp(1 - (1 - decayed) * (1 - 0.6 * Math.max(0, score - 0.25)));
  if (score >= 0.5) session.attempts++;
  session.turns++;
  session.tainted ||= tainted;
  session.recent = [...session.recent, ...userTexts].map((text) => text.slice(-MAX_RECENT_LENGTH)).slice(-MAX_RECENT);
}

function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 1;
}
