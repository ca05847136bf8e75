import { Environment } from '@marcbachmann/cel-js';
import { SEVERITIES, severityRank } from '../../core/severity.ts';
import { matchesGlob } from '../glob.ts';
import { ArtifactValue, BaselineValue, ContextValue, FindingValue, WaiversValue } from './activation.ts';

/** Why: a condition is a line that somebody reads; parsing and checking must stay instant whatever a file contains. */
const LIMITS = { maxAstNodes: 2_000, maxDepth: 48, maxListElements: 1_000, maxMapEntries: 100, maxCallArguments: 8 };

const OPTIONS = { enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits: LIMITS };

const FINDING = {
  id: 'string',
  rule: 'string',
  severity: 'string',
  rank: 'int',
  path: 'string',
  member: 'string',
  key: 'string',
  message: 'string',
  fingerprint: 'string',
  suppressed: 'bool',
  unread: 'bool',
  baseline: 'string',
  maps: 'list<string>',
  evidence: 'map<string, dyn>',
  format: 'string',
  sha256: 'string',
};

const ARTIFACT = {
  path: 'string',
  sha256: 'string',
  size: 'int',
  format: 'string',
  verdict: 'string',
  completeness: 'string',
  reasons: 'list<string>',
  measured: 'map<string, list<dyn>>',
  declared: 'map<string, list<dyn>>',
};

const BASELINE = { compared: 'bool', new: 'int', unchanged: 'int', fixed: 'int' };
const WAIVERS = { active: 'int', nearExpiry: 'int', expired: 'int', unmatched: 'int', refused: 'int' };
const CONTEXT = { gate: 'string', today: 'string', baseline: 'BaselineCounts', waivers: 'WaiverCounts' };

/** Every field a condition may name, for hints. */
export const FIELD_NAMES: readonly string[] = [FINDING, ARTIFACT, BASELINE, WAIVERS, CONTEXT].flatMap((fields) => Object.keys(fields));
/** Every variable a condition may name, for hints. */
export const VARIABLE_NAMES: readonly string[] = ['findings', 'artifacts', 'completeness', 'context', ...SEVERITIES.map(constantName)];

/** The names a condition may use, with their types: a misspelt field is an error before anything is decided. */
export function typedEnvironment(): Environment {
  return withFunctions(new Environment(OPTIONS))
    .registerVariable('findings', 'list<Finding>')
    .registerVariable('artifacts', 'list<Artifact>')
    .registerVariable('completeness', 'string')
    .registerVariable('context', 'Context');
}

/** The same functions with untyped names: parts of a checked condition are evaluated in it to find what made it fire. */
export function untypedEnvironment(): Environment {
  return withFunctions(new Environment({ ...OPTIONS, unlistedVariablesAreDyn: true }));
}

function withFunctions(environment: Environment): Environment {
  environment
    .registerType('Finding', { ctor: FindingValue, fields: FINDING })
    .registerType('Artifact', { ctor: ArtifactValue, fields: ARTIFACT })
    .registerType('BaselineCounts', { ctor: BaselineValue, fields: BASELINE })
    .registerType('WaiverCounts', { ctor: WaiversValue, fields: WAIVERS })
    .registerType('Context', { ctor: ContextValue, fields: CONTEXT })
    .registerFunction('glob(string, string): bool', (path: string, pattern: string) => matchesGlob(path, pattern));
  for (const severity of SEVERITIES) environment.registerConstant(constantName(severity), 'int', BigInt(severityRank(severity)));
  return environment;
}

function constantName(severity: string): string {
  return severity.toUpperCase();
}
