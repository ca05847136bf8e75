import type { Location, LogicalLocation, Region, Result, Suppression } from 'sarif';
import type { Finding } from '../../core/finding.ts';
import type { Location as Place } from '../../core/location.ts';
import { printable } from '../../core/printable.ts';
import { evidenceText } from '../text/evidence.ts';
import { whereOf } from '../text/where.ts';
import { levelOf } from './rule-table.ts';
import { artifactLocation } from './uri.ts';

/** Name and version of Cordon's fingerprints as SARIF keys. */
const SEMANTIC = 'cordon/fp/v1';
const CONTENT = 'cordon/content/v1';

/** Positions of rules and artifacts in the tables of the run. */
export interface Indexes {
  readonly rules: ReadonlyMap<string, number>;
  readonly artifacts: ReadonlyMap<string, number>;
}

/** One finding as a SARIF result. */
export function resultOf(finding: Finding, indexes: Indexes): Result {
  const { rule, severity, fingerprint, contentFingerprint, baseline, suppressed } = finding;
  const ruleIndex = indexes.rules.get(rule);
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levelOf(severity),
    message: { text: messageOf(finding) },
    locations: [locationOf(finding.location, indexes)],
    fingerprints: { [SEMANTIC]: fingerprint, [CONTENT]: contentFingerprint },
    // Why primaryLocationLineHash too: GitHub tells alerts apart by it alone and would otherwise hash the first line of the
    // file, so that two findings of one rule in one binary became one alert.
    partialFingerprints: { [SEMANTIC]: fingerprint, primaryLocationLineHash: fingerprint },
    ...(baseline === undefined ? {} : { baselineState: baseline }),
    // Empty, not absent: by the standard that says "not suppressed" instead of "nobody looked".
    suppressions: suppressed === undefined ? [] : [suppressionOf(suppressed)],
    properties: {
      id: finding.id,
      severity,
      key: finding.key,
      ...(finding.maps.length === 0 ? {} : { maps: [...finding.maps] }),
      ...(Object.keys(finding.evidence).length === 0 ? {} : { evidence: { ...finding.evidence } }),
    },
  };
}

/** The whole message in one text, for viewers that show nothing else. */
function messageOf({ message, location, evidence, fix }: Finding): string {
  const seen = evidenceText(evidence);
  return [
    printable(message),
    `Where: ${whereOf(location)}`,
    ...(seen === '' ? [] : [`Evidence: ${seen}`]),
    ...(fix === '' ? [] : [`Fix: ${printable(fix)}`]),
  ].join('\n');
}

function locationOf(place: Place, { artifacts }: Indexes): Location {
  const index = artifacts.get(place.path);
  const logicalLocations = logicalLocationsOf(place);
  return {
    physicalLocation: {
      artifactLocation: { ...artifactLocation(place.path), ...(index === undefined ? {} : { index }) },
      region: regionOf(place),
    },
    ...(logicalLocations.length === 0 ? {} : { logicalLocations }),
  };
}

/**
 * The region inside the file itself. A position inside a member is a position in bytes that the file holds compressed or
 * elsewhere, so it goes to the logical location instead. Why line 1 for binaries: GitHub refuses a location without a line.
 */
function regionOf({ member, line, column, offset }: Place): Region {
  if (member !== undefined) return { startLine: 1 };
  return {
    startLine: line ?? 1,
    ...(column === undefined ? {} : { startColumn: column }),
    ...(offset === undefined ? {} : { byteOffset: offset }),
  };
}

function logicalLocationsOf({ path, member, line, column, offset }: Place): LogicalLocation[] {
  if (member === undefined) return [];
  const position = {
    ...(offset === undefined ? {} : { byteOffset: offset }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
  return [
    {
      name: printable(member.slice(member.lastIndexOf('!') + 1)),
      fullyQualifiedName: printable(`${path}!${member}`),
      kind: 'member',
      ...(Object.keys(position).length === 0 ? {} : { properties: position }),
    },
  ];
}

function suppressionOf({ waiver, reason, owner, expires, kind }: NonNullable<Finding['suppressed']>): Suppression {
  return {
    kind: kind === 'inline' ? 'inSource' : 'external',
    status: 'accepted',
    justification: printable(`${reason} (waiver ${waiver}, owner ${owner}, until ${expires})`),
  };
}
