declare const CORDON_VERSION: string | undefined;
declare const CORDON_BUILD: string | undefined;
declare const CORDON_SCANNERS: string | undefined;

/** Version of the package; the bundler fills it in. */
export const VERSION = typeof CORDON_VERSION === 'string' ? CORDON_VERSION : '0.0.0-source';

/** Digest over all sources of this build: two builds that could judge a file differently never share it. */
export const BUILD = typeof CORDON_BUILD === 'string' ? CORDON_BUILD : `source-${process.pid}`;

/** Digest over the sources of scanners and parsers alone: what changes it may change what is found. */
export const SCANNERS = typeof CORDON_SCANNERS === 'string' ? CORDON_SCANNERS : 'source';
