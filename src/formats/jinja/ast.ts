interface Node {
  /** Position in the template, in UTF-16 units. */
  readonly offset: number;
}

/** Arguments of a call, filter or test. `spread` holds what `*` and `**` unpack. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  readonly spread: readonly Expression[];
}

/** What has a value. */
export type Expression = Node &
  (
    | { readonly type: 'constant'; readonly value: string | number | boolean | null }
    | { readonly type: 'name'; readonly name: string }
    | { readonly type: 'list'; readonly items: readonly Expression[] }
    | { readonly type: 'dict'; readonly pairs: readonly (readonly [Expression, Expression])[] }
    | { readonly type: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly type: 'subscript'; readonly object: Expression; readonly index: Expression }
    | { readonly type: 'slice'; readonly start?: Expression; readonly stop?: Expression; readonly step?: Expression }
    | { readonly type: 'call'; readonly callee: Expression; readonly args: Arguments }
    | { readonly type: 'filter'; readonly operand: Expression | undefined; readonly name: string; readonly args: Arguments }
    | { readonly type: 'test'; readonly operand: Expression; readonly name: string; readonly args: Arguments }
    | { readonly type: 'unary'; readonly operator: '-' | '+' | 'not'; readonly operand: Expression }
    | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly type: 'condition'; readonly test: Expression; readonly value: Expression; readonly otherwise: Expression | undefined }
  );

/** A parameter of a macro. */
export interface Parameter {
  readonly name: string;
  readonly value: Expression | undefined;
}

/** What does something. `target` of assignments is a name, a tuple of targets, or an attribute of a namespace. */
export type Statement = Node &
  (
    | { readonly type: 'text'; readonly text: string }
    | { readonly type: 'output'; readonly value: Expression }
    | { readonly type: 'if'; readonly test: Expression; readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] }
    | {
        readonly type: 'for';
        readonly target: Expression;
        readonly iterable: Expression;
        readonly test: Expression | undefined;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | { readonly type: 'set'; readonly target: Expression; readonly value: Expression }
    | {
        readonly type: 'capture';
        readonly target: Expression;
        readonly filter: Expression | undefined;
        readonly body: readonly Statement[];
      }
    | { readonly type: 'macro'; readonly name: string; readonly parameters: readonly Parameter[]; readonly body: readonly Statement[] }
    | {
        readonly type: 'call-block';
        readonly call: Expression;
        readonly parameters: readonly Parameter[];
        readonly body: readonly Statement[];
      }
    | { readonly type: 'filter-block'; readonly filter: Expression; readonly body: readonly Statement[] }
    | { readonly type: 'with'; readonly assignments: readonly (readonly [Expression, Expression])[]; readonly body: readonly Statement[] }
    | { readonly type: 'block'; readonly body: readonly Statement[] }
    | {
        readonly type: 'load';
        readonly tag: 'include' | 'import' | 'from' | 'extends';
        readonly template: Expression;
        readonly names: readonly string[];
      }
    | { readonly type: 'flow' }
  );
