import type { Artifact } from '../../core/artifact.ts';
import type { Report } from '../../core/report.ts';
import { bytesText, countText } from '../text/amounts.ts';
import { compareText } from '../text/where.ts';
import { h, type Html } from './element.ts';

/** Rows written out; what is wrong comes first. */
const MOST_ROWS = 2_000;
const VERDICT_RANK = { blocked: 0, review: 1, clean: 2 } as const;
const COMPLETENESS_RANK = { 'not-scanned': 0, inconclusive: 1, complete: 2 } as const;

/** Everything that was scanned, the clean too: worst first, then by path. */
export function artifactSection(report: Report): Html {
  const sorted = report.artifacts.toSorted(
    (a, b) =>
      VERDICT_RANK[a.verdict] - VERDICT_RANK[b.verdict] ||
      COMPLETENESS_RANK[a.completeness] - COMPLETENESS_RANK[b.completeness] ||
      compareText(a.path, b.path),
  );
  const rows = sorted.slice(0, MOST_ROWS);
  const hidden = sorted.length - rows.length;
  return h`<section id="artifacts" aria-labelledby="h-artifacts">
<h2 id="h-artifacts">Scanned <span class="count">${countText(sorted.length, 'artifact')}</span></h2>
<table><caption>Worst first. The digest is the SHA-256 of all bytes.${hidden === 0 ? '' : ` ${countText(hidden, 'more clean row')} left out.`}</caption>
<thead><tr><th scope="col">Artifact</th><th scope="col">Verdict</th><th scope="col">Read</th><th scope="col" class="wide">Size</th></tr></thead>
<tbody>
${rows.map(row)}</tbody></table></section>
`;
}

function row({ path, sha256, size, format, verdict, completeness, reasons }: Artifact): Html {
  const why = reasons.length === 0 ? h`` : h`<div class="quiet">${reasons.join('; ')}</div>`;
  return h`<tr><th scope="row"><div class="path">${path}</div><div class="quiet">${format}</div><code class="digest">${sha256 ?? 'no digest'}</code>${why}</th><td class="state ${verdict}">${verdict}</td><td class="state ${completeness}">${completeness}</td><td class="wide">${size === null ? 'unknown' : bytesText(size)}</td></tr>
`;
}
