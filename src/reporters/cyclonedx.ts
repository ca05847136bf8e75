import { createHash } from 'node:crypto';
import { componentOf } from './cyclonedx/component.ts';
import { property } from './cyclonedx/property.ts';
import type { Reporter } from './reporter.ts';
import { byPath } from './text/by-path.ts';
import { jsonText } from './text/json-text.ts';
import { compareText } from './text/where.ts';

/**
 * CycloneDX 1.6 ML-BOM: one component for each artifact, with its digest and what was measured from its bytes or declared by
 * it, each marked as the one or the other. Findings are no `vulnerabilities`: those are known flaws of published components,
 * while a payload is a property of these very bytes; the counts go into properties and the findings into the other formats.
 */
export const cyclonedx: Reporter = (report, _rules, { timestamp } = {}) => {
  const { gate, tool, verdict, completeness } = report;
  const findings = byPath(report.findings);
  return jsonText({
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(`cordon/cyclonedx/1\n${gate.subject}`)}`,
    version: 1,
    metadata: {
      ...(timestamp === undefined ? {} : { timestamp }),
      tools: { components: [{ type: 'application', name: tool.name, version: tool.version }] },
      properties: [
        property('cordon:completeness', completeness),
        property('cordon:gate', gate.name),
        property('cordon:gate:effect', gate.effect),
        property('cordon:gate:policy', gate.policy),
        property('cordon:rules', tool.rules),
        property('cordon:subject', gate.subject),
        property('cordon:verdict', verdict),
      ],
    },
    components: report.artifacts
      .toSorted((a, b) => compareText(a.path, b.path))
      .map((artifact) => componentOf(artifact, findings.get(artifact.path) ?? [])),
  });
};

/** A UUID made from a name, so that the same artifacts have the same serial number. RFC 9562 version 8: a hash other than MD5 and SHA-1. */
function uuidOf(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
