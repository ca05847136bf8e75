/** What a dangerous piece of Python does. */
export type SinkKind =
  | 'decoded-code'
  | 'downloaded-code'
  | 'reverse-shell'
  | 'exfiltration'
  | 'process'
  | 'package-install'
  | 'dynamic-code'
  | 'computed-name'
  | 'unsafe-load'
  | 'native-code'
  | 'network'
  | 'deletes-files'
  | 'sensitive-path'
  | 'torchscript-file';

/** A use of a Python name, as the analysis of a source file yields it. */
export interface Use {
  readonly callee: readonly string[];
  readonly called: boolean;
  readonly line: number;
  readonly runsAt: 'import' | 'main' | 'call';
  readonly within: string;
  readonly owner: string;
  readonly texts: readonly string[];
  readonly first: string | undefined;
  readonly keywords: readonly string[];
  readonly sources: readonly string[];
  readonly passed: readonly string[];
}

/** A dangerous use: what it does, the name it goes through, and when it runs. */
export interface Sink {
  readonly kind: SinkKind;
  readonly callee: string;
  readonly line: number;
  readonly runsAt: 'import' | 'main' | 'call';
}
