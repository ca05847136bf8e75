import type { FileSecurity } from '../../engine/registry/security-status.ts';

const IMPORT_LEVEL = { safe: 'innocuous', suspicious: 'suspicious', unsafe: 'dangerous', unscanned: 'innocuous' } as const;

/** The verdict on a file in the form in which the Hub shows its scans. */
export function fileSecurityStatus(security: FileSecurity): Record<string, unknown> {
  const { level, findings, imports } = security;
  const names = findings.map(({ rule, message }) => `${rule}: ${message}`);
  const highest = IMPORT_LEVEL[level];
  return {
    status: level,
    avScan: { virusFound: level === 'unsafe', virusNames: level === 'unsafe' ? names : null, version: 'cordon' },
    pickleImportScan:
      imports.length === 0
        ? null
        : {
            highestSafetyLevel: highest,
            imports: imports.map((text) => {
              const dot = text.lastIndexOf('.');
              const isNamed = findings.some(({ message }) => message.includes(text));
              return { module: text.slice(0, Math.max(dot, 0)), name: text.slice(dot + 1), safety: isNamed ? highest : 'innocuous' };
            }),
          },
    cordon: findings,
  };
}

/** The verdict on a whole revision. */
export function repositorySecurityStatus(files: Iterable<FileSecurity>): Record<string, unknown> {
  const all = [...files];
  return {
    scansDone: all.every(({ level }) => level !== 'unscanned'),
    filesWithIssues: all.flatMap(({ path, level }) => (level === 'unsafe' || level === 'suspicious' ? [{ path, level }] : [])),
  };
}
