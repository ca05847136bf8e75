import type { Vulnerability } from './bill.ts';
import { property } from './cyclonedx-parts.ts';

/**
 * VEX: a published vulnerability that a file of this model is made for or shows. Exploitable means: by whoever loads the file with a
 * program that has the flaw. A waiver changes the response, not the state: an accepted risk is still one.
 */
export function vulnerabilityEntries(vulnerabilities: readonly Vulnerability[], model: string): object[] {
  return vulnerabilities.map(({ id, findings }) => {
    const open = findings.filter(({ suppressed }) => suppressed === undefined);
    const waived = findings.flatMap(({ suppressed }) =>
      suppressed === undefined ? [] : [`${suppressed.waiver} by ${suppressed.owner} until ${suppressed.expires}: ${suppressed.reason}`],
    );
    const [first] = findings;
    return {
      'bom-ref': `vulnerability:${id}`,
      id,
      source: { name: 'NVD', url: `https://nvd.nist.gov/vuln/detail/${id}` },
      ...(first !== undefined && { description: first.message, recommendation: first.fix }),
      analysis: {
        state: 'exploitable',
        response: open.length > 0 ? ['update'] : ['will_not_fix'],
        ...(waived.length > 0 && { detail: `waived: ${waived.join('; ')}` }),
      },
      affects: [{ ref: model }, ...[...new Set(findings.map(({ location }) => location.path))].map((path) => ({ ref: `file:${path}` }))],
      properties: [
        property('cordon:basis', 'measured'),
        ...findings.map(({ rule, fingerprint }) => property(`cordon:finding:${rule}`, fingerprint)),
      ],
    };
  });
}
