/** The whole style of the page. Colours meet WCAG AA on their grounds in both schemes. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #1b2330; --soft: #55606f; --line: #dfe3e9; --link: #1d5fbf; --code: #f0f2f5;
  --good: #14693b; --good-soft: #e4f4ea; --warning: #8a5200; --warning-soft: #fdf1dc; --bad: #a8201f; --bad-soft: #fdeaea;
  --critical: #8f1217; --high: #b8400a; --medium: #8a5a00; --low: #1d5fbf; --info: #55606f; --on: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11151b; --card: #191f28; --ink: #e6eaf0; --soft: #a3aebd; --line: #2c3542; --link: #86b7ff; --code: #222a35;
    --good: #74d69b; --good-soft: #14301f; --warning: #f2bf6b; --warning-soft: #35280f; --bad: #ff9a94; --bad-soft: #3a1718;
    --critical: #ff8f88; --high: #ffa470; --medium: #f0c060; --low: #86b7ff; --info: #a3aebd; --on: #11151b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
.page { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1, h2, p, pre, dl, dd, ul { margin: 0; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code, pre { font: 0.875em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
code, pre, .path, td, th, dt, dd, li, summary, h1, p { overflow-wrap: anywhere; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: 0.5rem 1rem; z-index: 1; }
.verdict { background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--tone); border-radius: 12px; padding: 1.25rem 1.5rem; }
.good { --tone: var(--good); --tone-soft: var(--good-soft); }
.warning { --tone: var(--warning); --tone-soft: var(--warning-soft); }
.bad { --tone: var(--bad); --tone-soft: var(--bad-soft); }
.brand { color: var(--soft); font-size: 0.875rem; letter-spacing: 0.02em; }
.verdict h1 { color: var(--tone); font-size: 2rem; line-height: 1.2; margin: 0.125rem 0 0.25rem; }
.lead { font-size: 1.0625rem; }
.lead::first-letter { text-transform: uppercase; }
.stats { display: flex; flex-wrap: wrap; gap: 0.75rem 2rem; margin-top: 1rem; }
.stats dt { color: var(--soft); font-size: 0.8125rem; }
.stats dd { font-weight: 600; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 1rem 0 0; }
nav a { display: inline-block; padding: 0.3125rem 0.875rem; border: 1px solid var(--line); border-radius: 999px; background: var(--card); color: var(--ink); text-decoration: none; font-size: 0.9375rem; }
nav a:hover { border-color: var(--link); }
nav .count { font-weight: 700; color: var(--severity, var(--tone, var(--ink))); }
section { margin-top: 2rem; scroll-margin-top: 1rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin-bottom: 0.75rem; }
h2 .count { color: var(--soft); font-weight: 400; }
.notes { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.notes > div { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0.125rem 1rem; padding: 0.625rem 1rem; }
.notes > div + div { border-top: 1px solid var(--line); }
.notes dt { font-weight: 600; color: var(--tone, var(--soft)); }
.notes dd { grid-column: 2; }
.finding { background: var(--card); border: 1px solid var(--line); border-radius: 10px; margin-bottom: 0.625rem; }
.finding > summary { position: relative; padding: 0.75rem 2.75rem 0.75rem 1rem; cursor: pointer; display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.125rem 0.75rem; align-items: baseline; list-style: none; }
.finding > summary::-webkit-details-marker { display: none; }
.finding > summary::after { content: ''; position: absolute; right: 1.25rem; top: 1.125rem; width: 0.5rem; height: 0.5rem; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(45deg); }
.finding[open] > summary::after { transform: translateY(0.25rem) rotate(225deg); }
.finding > summary:hover { background: var(--code); border-radius: 10px; }
.finding .what { font-weight: 600; }
.finding .where { grid-column: 2; color: var(--soft); }
.finding .body { border-top: 1px solid var(--line); padding: 0.875rem 1rem 1rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.875rem; }
.badge { display: inline-block; min-width: 4.75rem; text-align: center; padding: 0.0625rem 0.5rem; border-radius: 6px; background: var(--severity); color: var(--on); font-size: 0.8125rem; font-weight: 700; }
.critical { --severity: var(--critical); } .high { --severity: var(--high); } .medium { --severity: var(--medium); }
.low { --severity: var(--low); } .info { --severity: var(--info); }
.label { color: var(--soft); font-size: 0.8125rem; font-weight: 600; }
.fix > :last-child { margin-top: 0.25rem; padding: 0.5rem 0.875rem; background: var(--good-soft); border-left: 4px solid var(--good); border-radius: 4px 8px 8px 4px; white-space: pre-wrap; }
.evidence { display: grid; grid-template-columns: fit-content(40%) minmax(0, 1fr); gap: 0.125rem 1rem; align-items: baseline; font-size: 0.9375rem; }
.evidence dt { color: var(--soft); }
.body ul { padding-left: 1.25rem; }
.quiet, .maps { color: var(--soft); font-size: 0.875rem; }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 10px; border-spacing: 0; }
caption { text-align: left; color: var(--soft); font-size: 0.875rem; padding-bottom: 0.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 1rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; overflow-wrap: normal; color: var(--soft); font-size: 0.8125rem; }
tbody th { font-weight: 400; }
.path { font-weight: 600; }
.digest { color: var(--soft); font-size: 0.75rem; }
.state { white-space: nowrap; font-weight: 600; }
.state.clean, .state.complete, .state.allow { color: var(--good); } .state.review, .state.inconclusive, .state.warn { color: var(--warning); }
.state.blocked, .state.not-scanned, .state.deny { color: var(--bad); }
footer { margin-top: 2.5rem; color: var(--soft); font-size: 0.8125rem; }
@media (max-width: 40rem) {
  .page { padding: 1rem 0.75rem 2rem; }
  .verdict { padding: 1rem; }
  .verdict h1 { font-size: 1.625rem; }
  .finding > summary { grid-template-columns: minmax(0, 1fr); }
  .finding .where, .notes dd { grid-column: 1; }
  .notes > div { grid-template-columns: minmax(0, 1fr); }
  .notes dd + dd { margin-top: 0.25rem; }
  .badge { justify-self: start; }
  th, td { padding: 0.5rem 0.625rem; }
  .wide { display: none; }
}
@media print {
  :root { --ground: #ffffff; --code: #f4f4f4; }
  .page { max-width: none; padding: 0; }
  nav, .skip, .finding > summary::after { display: none; }
  .finding, tr, .verdict { break-inside: avoid; }
  .badge { border: 1px solid; background: none; color: var(--ink); }
}
`;
