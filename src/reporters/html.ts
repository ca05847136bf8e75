import { createHash } from 'node:crypto';
import type { Report } from '../core/report.ts';
import { artifactSection } from './html/artifacts.ts';
import { gateSection, noteSection } from './html/decision.ts';
import { h, type Html } from './html/element.ts';
import { findingSections } from './html/findings.ts';
import { STYLE } from './html/style.ts';
import type { Reporter } from './reporter.ts';
import { bytesText, grouped } from './text/amounts.ts';
import { type Note, notesOf } from './text/notes.ts';
import { groupFindings, unsuppressed } from './text/ranking.ts';
import { completenessSentence, gateSentence, headline, severityCounts, type Tone } from './text/summary.ts';

/** Why by hash: the page may style itself and nothing else. Should markup ever slip in, it can neither run nor load anything. */
const CONTENT_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

const SIGNS: Readonly<Record<Tone, string>> = { good: '✓', warning: '!', bad: '✗' };

/** One self-contained page without script: verdict, findings by severity, artifacts, the gate's reasons. For phones and paper too. */
export const html: Reporter = (report, rules, { timestamp } = {}) => {
  const groups = groupFindings(unsuppressed(report.findings), rules);
  const notes = notesOf(report, true);
  const { word } = headline(report);
  const page = h`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${{ html: CONTENT_POLICY }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${word}: Cordon report</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
<div class="page">
${header(report, notes)}<main id="main">
${findingSections(groups)}${noteSection(notes)}${gateSection(report)}${artifactSection(report)}</main>
${footer(report, timestamp)}</div>
</body>
</html>
`;
  return page.html;
};

function header(report: Report, notes: readonly Note[]): Html {
  const { word, tone } = headline(report);
  const { files, bytes, members } = report.stats;
  const warnings = notes.filter((note) => note.loud).length;
  const links = [
    ...severityCounts(report).map(
      ([severity, count]) => h`<li><a href="#${severity}"><span class="count ${severity}">${grouped(count)}</span> ${severity}</a></li>\n`,
    ),
    ...(notes.length === 0
      ? []
      : [
          h`<li><a href="#notes">${warnings === 0 ? h`` : h`<span class="count warning">${warnings}</span> `}${warnings === 0 ? 'notes' : warnings === 1 ? 'warning' : 'warnings'}</a></li>\n`,
        ]),
    ...(report.gate.reasons.length === 0 ? [] : [h`<li><a href="#gate">gate</a></li>\n`]),
    h`<li><a href="#artifacts">artifacts</a></li>\n`,
  ];
  return h`<header>
<div class="verdict ${tone}">
<p class="brand">Cordon scan report</p>
<h1><span aria-hidden="true">${SIGNS[tone]}</span> ${word.charAt(0)}${word.slice(1).toLowerCase()}</h1>
<p class="lead">${gateSentence(report)}</p>
<dl class="stats">
<div><dt>Files</dt><dd>${grouped(files)}</dd></div>
<div><dt>Size</dt><dd>${bytesText(bytes)}</dd></div>
<div><dt>Container members</dt><dd>${grouped(members)}</dd></div>
<div><dt>Read</dt><dd>${completenessSentence(report)}</dd></div>
</dl>
</div>
<nav aria-label="Sections"><ul>
${links}</ul></nav>
</header>
`;
}

function footer({ tool, gate }: Report, timestamp: string | undefined): Html {
  return h`<footer>
<p>${tool.name} ${tool.version}${timestamp === undefined ? '' : `, ${timestamp}`}. Made from the report alone; this page loads and runs nothing.</p>
<p>Rule set <code>${tool.rules}</code></p>
<p>Policy <code>${gate.policy}</code></p>
<p>Subject <code>${gate.subject}</code></p>
</footer>
`;
}
