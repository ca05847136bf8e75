/** What matters in a CoreML model, in the order of its bytes; pipelines and nested networks included. */
export type CoreMlEvent =
  | { readonly kind: 'version'; readonly value: number }
  | { readonly kind: 'model'; readonly field: number }
  | { readonly kind: 'custom'; readonly what: 'layer' | 'model' | 'operation'; readonly className: string; readonly offset: number }
  | { readonly kind: 'linked'; readonly path: string; readonly offset: number }
  | { readonly kind: 'blob'; readonly path: string; readonly offset: number }
  | { readonly kind: 'layer' }
  | { readonly kind: 'metadata'; readonly key: 'author' | 'licence' | 'version'; readonly value: string };
