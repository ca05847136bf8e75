import type { BuiltinGate, GateConfig, GateEntry } from '../core/config.ts';
import { UNREAD } from './decision.ts';

/** Entries that several gates share. */
const CRITICAL = level('critical', 'Critical findings');
const HIGH = level('high', 'High findings');
const MEDIUM = level('medium', 'Findings to review');

const UNREAD_CONTENT: GateEntry = {
  id: UNREAD,
  when: 'findings.exists(f, f.unread && f.rank >= HIGH && !f.suppressed)',
  message:
    'Content that could not be read to its end: {{ findings.filter(f, f.unread && f.rank >= HIGH && !f.suppressed).map(f, f.path) }}',
};

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
  ci: { deny: [CRITICAL, HIGH, UNREAD_CONTENT], warn: [MEDIUM, ...WAIVERS], allowIncomplete: false },
  strict: { deny: [CRITICAL, HIGH, UNREAD_CONTENT, MEDIUM, ...WAIVERS], warn: [level('low', 'Low findings')], allowIncomplete: false },
  research: { deny: [CRITICAL], warn: [HIGH, UNREAD_CONTENT, MEDIUM, ...WAIVERS], allowIncomplete: true },
};

function level(severity: string, title: string): GateEntry {
  const condition = `f.severity == "${severity}" && !f.suppressed && !f.unread`;
  return { id: severity, when: `findings.exists(f, ${condition})`, message: `${title}: {{ size(findings.filter(f, ${condition})) }}` };
}
