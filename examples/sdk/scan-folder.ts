/**
 * Scans folders or files with the library, prints what stands against each file, and ends as `cordon scan` does.
 *
 * Run: npx tsx examples/sdk/scan-folder.ts models/
 */
import { Config, RULES, scan, type Finding } from 'cordon';

const paths = process.argv.slice(2);
if (paths.length === 0) throw new Error('name a folder or a file');

const report = await scan(paths, {
  // The same as a cordon.yaml: a gate of our own that also denies what should be reviewed.
  config: Config.parse({
    gates: { intake: { extends: 'ci', deny: [{ id: 'review', when: 'findings.exists(f, f.severity == "medium")' }] } },
  }),
  gate: 'intake',
  onProgress: ({ done, files, path }) => process.stderr.write(`${done}/${files} ${path}\n`),
});

const byId = new Map<string, Finding>(report.findings.map((finding) => [finding.id, finding]));
for (const artifact of report.artifacts) {
  console.log(`${artifact.verdict} ${artifact.completeness} ${artifact.format} ${artifact.path}`);
  for (const id of artifact.findings) {
    const finding = byId.get(id);
    if (finding !== undefined) console.log(`  ${finding.severity} ${RULES.get(finding.rule)?.title}: ${finding.message}`);
  }
}
console.log(`${report.gate.effect}: ${report.gate.reasons.map((reason) => reason.message).join('; ') || 'nothing stands against it'}`);
process.exitCode = report.gate.effect === 'deny' ? 1 : 0;
