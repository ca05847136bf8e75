import { CONVERSION_BUILD_TYPE } from './predicate-types.ts';

/** What there is to say of files that were rewritten in another format. */
export interface ConversionRun {
  readonly builder: string;
  readonly version: string;
  /** Digest of the program that read them. */
  readonly tool: string;
  readonly repository: string;
  readonly original: { readonly manifest: string; readonly rootDigest: string };
  readonly files: readonly {
    readonly from: string;
    readonly fromSha256: string;
    readonly to: string;
    readonly toSha256: string;
    readonly leftOut: readonly string[];
  }[];
  readonly leftOut: readonly { readonly path: string; readonly sha256: string; readonly because: string }[];
  readonly finishedOn: string;
}

/** The SLSA provenance predicate (v1) of a conversion: both digests of every file, and what is not in the result. */
export function conversionPredicate(run: ConversionRun): object {
  const { original, files } = run;
  return {
    buildDefinition: {
      buildType: CONVERSION_BUILD_TYPE,
      externalParameters: {
        repository: run.repository,
        format: 'safetensors',
        files: files.map(({ from, to, toSha256, leftOut }) => ({ from, to, digest: { sha256: toSha256 }, leftOut })),
        leftOut: run.leftOut.map(({ path, sha256, because }) => ({ path, digest: { sha256 }, because })),
      },
      internalParameters: { executed: 'nothing' },
      resolvedDependencies: [
        { name: 'original', digest: { sha256: original.rootDigest }, annotations: { 'cordon:manifest': original.manifest } },
        ...files.map(({ from, fromSha256 }) => ({ name: from, digest: { sha256: fromSha256 } })),
      ],
    },
    runDetails: {
      builder: { id: run.builder, version: { cordon: run.version, tool: run.tool } },
      metadata: { finishedOn: run.finishedOn },
    },
  };
}
