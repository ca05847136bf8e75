import { nameUuid } from '../formats/uuid/name-uuid.ts';
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
    serialNumber: `urn:uuid:${nameUuid(`cordon/cyclonedx/1\n${gate.subject}`)}`,
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
