/** Predicate types that Cordon writes, by the URI their authors gave them. */
export const PREDICATES = {
  training: 'https://slsa.dev/provenance/v1',
  testResult: 'https://in-toto.io/attestation/test-result/v0.1',
  scan: 'https://in-toto.io/attestation/vulns/v0.2',
  verificationSummary: 'https://slsa.dev/verification_summary/v1',
  verificationResult: 'https://in-toto.io/attestation/svr/v0.1',
} as const;

/** What sort of build a training run is. in-toto has no predicate for machine learning; SLSA provenance leaves this to the builder. */
export const TRAINING_BUILD_TYPE = 'urn:cordon:build-type:training:v1';

/** The same of files that the registry rewrote in another format. */
export const CONVERSION_BUILD_TYPE = 'urn:cordon:build-type:conversion:v1';
