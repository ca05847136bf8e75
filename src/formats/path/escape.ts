/**
 * Why a path that an artifact names leads outside of the artifact's own folder, or undefined. Both separators count, whatever
 * the host: a model made for Windows must not pass on Linux.
 */
export function escapeOf(path: string): string | undefined {
  if (path.includes('\0')) return 'contains a NUL byte';
  if (/^[A-Za-z]:/.test(path)) return 'is an absolute Windows path';
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(path) || /^(?:file|data):/i.test(path)) return 'is a URL';
  if (/^[\\/]/.test(path)) return 'is an absolute path';
  if (path.startsWith('~')) return 'leads to a home folder';
  if (path.split(/[\\/]/).includes('..')) return 'leads out of the folder';
  return undefined;
}

/** True for a path where systems and users keep what is nobody else's business: credentials, accounts, process state. */
export function isSensitive(path: string): boolean {
  return SENSITIVE.test(path.replaceAll('\\', '/'));
}

const SENSITIVE =
  /^\/(?:etc|proc|sys|dev|root|boot|run|var\/(?:run|lib|log|spool))(?:\/|$)|(?:^|\/)(?:~|\.(?:ssh|aws|azure|kube|docker|gnupg|config|netrc|npmrc|pypirc|git|bash\w*|zsh\w*|profile|env|huggingface|cache\/huggingface)|id_[rd]sa|authorized_keys|cron\w*|site-packages)(?:\/|$)|\/Windows\/|^\w:\/Users\//i;
