import type { Severity } from './severity.ts';

/**
 * What a plugin can find, declared before it runs: documentation, SARIF rule tables and control mappings are generated
 * from it.
 */
export interface Rule {
  /** `<plugin>.<what-is-wrong>`, stable for ever: waivers, baselines and policies name it. */
  readonly id: string;
  /** What is wrong, in a few words and without the particulars. */
  readonly title: string;
  /** Severity unless the observation knows better. */
  readonly severity: Severity;
  /** Why this is a danger: what an attacker gains. */
  readonly why: string;
  /** The shortest way out. */
  readonly fix: string;
  /** Identifiers in public catalogues: `CWE-502`, `OWASP-LLM03:2025`, `ATLAS:AML.T0010`, `PAIT-PKL-100`, `CVE-2025-1550`. */
  readonly maps: readonly string[];
}
