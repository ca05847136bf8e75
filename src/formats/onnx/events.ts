import type { OnnxTensor } from './tensor.ts';

/** An operator call. */
export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly offset: number;
  /** String attributes by name, each cut at 1 KiB. */
  readonly strings: ReadonlyMap<string, string>;
  /** Integer attributes by name. */
  readonly integers: ReadonlyMap<string, number>;
}

/** What an ONNX model holds, in the order of its bytes: subgraphs, functions and training graphs included. */
export type OnnxEvent =
  | { readonly kind: 'node'; readonly node: OnnxNode }
  | { readonly kind: 'tensor'; readonly tensor: OnnxTensor; readonly where: 'initializer' | 'attribute' }
  | { readonly kind: 'function'; readonly domain: string; readonly name: string }
  | { readonly kind: 'opset'; readonly domain: string; readonly version: number }
  | { readonly kind: 'metadata'; readonly key: string; readonly value: string }
  | { readonly kind: 'header'; readonly field: 'irVersion' | 'modelVersion'; readonly value: number }
  | { readonly kind: 'text'; readonly field: 'producer' | 'producerVersion' | 'domain' | 'graph'; readonly value: string };
