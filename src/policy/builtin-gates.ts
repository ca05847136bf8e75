import type { BuiltinGate, GateConfig, GateEntry } from '../core/config.ts';
import { UNREAD } from './decision.ts';

/** Entries that several gates share. */
const CRITICAL = counted('critical', 'Critical findings', 'f.severity == "critical" && !f.unread');
const HIGH = counted('high', 'High findings', 'f.severity == "high" && !f.unread');
const MEDIUM = counted('medium', 'Findings to review', 'f.severity == "medium"');
const UNREAD_HIGH = unread('HIGH');

const WAIVERS: readonly GateEntry[] = [
  {
    id: 'waiver-expired',
    when: 'context.waivers.expired > 0',
    message: 'Expired waivers: {{ context.waivers.expired }}. Their findings count again.',
  },
  {
    id: 'waiver-refused',
    when: 'context.waivers.refused > 0',
    message: 'Waivers that the waiver policy refuses: {{ context.waivers.refused }}',
  },
  {
    id: 'waiver-unmatched',
    when: 'context.waivers.unmatched > 0',
    message: 'Waivers that cover nothing: {{ context.waivers.unmatched }}. Remove them.',
  },
];

/** The gates that come with Cordon, written as anybody would write their own. */
export const BUILTIN_GATE_CONFIGS: Readonly<Record<BuiltinGate, GateConfig>> = {
  ci: { deny: [CRITICAL, HIGH, UNREAD_HIGH], warn: [MEDIUM, ...WAIVERS], allowIncomplete: false },
  strict: {
    deny: [CRITICAL, HIGH, counted('medium', 'Findings to review', 'f.severity == "medium" && !f.unread'), unread('MEDIUM'), ...WAIVERS],
    warn: [counted('low', 'Low findings', 'f.severity == "low"')],
    allowIncomplete: false,
  },
  research: { deny: [CRITICAL], warn: [HIGH, UNREAD_HIGH, MEDIUM, ...WAIVERS], allowIncomplete: true },
};

function counted(id: string, title: string, condition: string): GateEntry {
  const whole = `${condition} && !f.suppressed`;
  return { id, when: `findings.exists(f, ${whole})`, message: `${title}: {{ size(findings.filter(f, ${whole})) }}` };
}

function unread(rank: 'HIGH' | 'MEDIUM'): GateEntry {
  const condition = `f.unread && f.rank >= ${rank} && !f.suppressed`;
  return {
    id: UNREAD,
    when: `findings.exists(f, ${condition})`,
    message: `Content that could not be read to its end: {{ findings.filter(f, ${condition}).map(f, f.path) }}`,
  };
}
