/**
 * The nodes of a function's body by kind, in source order: one walk answers for all who look through whole bodies. They
 * are kept as long as the body, which is the same tree from keystroke to keystroke where nobody types in it. Also what
 * many ask of such a node by itself.
 */
import { memo } from '../../../base/memo.ts';
import type {
  Expression,
  FunctionDefinition,
  FunctionSymbol,
  NameExpression,
  VariableSymbol,
} from '../../../cfront/parse/ast.ts';
import { stripConversions, type TreeNode, walk } from '../../../cfront/parse/walk.ts';

type Kind =
  | 'address-of'
  | 'assign'
  | 'call'
  | 'compound'
  | 'dereference'
  | 'error'
  | 'expression'
  | 'if'
  | 'increment'
  | 'index'
  | 'member'
  | 'name'
  | 'return'
  | 'sizeof'
  | 'variable-declaration';
type NodeOf<K extends Kind> = Extract<TreeNode, { readonly kind: K }>;
type Nodes = { readonly [K in Kind]: NodeOf<K>[] };

export function nodesIn<K extends Kind>({ body }: FunctionDefinition, kind: K): readonly NodeOf<K>[] {
  return nodesOf(body)[kind];
}

/** A name that stands for a function. */
type FunctionName = NameExpression & { readonly symbol: FunctionSymbol };

/** Where a function's text names functions, be it to call them. */
export const functionNamesIn = memo((definition: FunctionDefinition): readonly FunctionName[] =>
  nodesIn(definition, 'name').filter((node): node is FunctionName => node.symbol.kind === 'function'),
);

/** A local variable or a parameter by itself, and no member of it. */
export function localVariable(e: Expression): VariableSymbol | undefined {
  if (e.kind !== 'name' || e.symbol.kind !== 'variable') return undefined;
  return e.symbol.duration === 'automatic' ? e.symbol : undefined;
}

export function isLocalVariable(e: Expression): boolean {
  return localVariable(e) !== undefined;
}

/**
 * The pointer behind which the memory lies that an expression reads, writes or has the address of: `p` for `p->a.b`, for
 * `p->array[i]`, for `*p` and for what is assigned there.
 */
export function pointerBehind(access: TreeNode): Expression | undefined {
  switch (access.kind) {
    case 'assign':
      return pointerBehind(access.target);
    case 'increment':
    case 'convert':
    case 'cast':
      return pointerBehind(access.operand);
    case 'member':
      return access.isArrow ? access.object : pointerBehind(access.object);
    case 'index': {
      const base = stripConversions(access.base);
      return base.type.kind === 'array' ? pointerBehind(base) : access.base;
    }
    case 'dereference':
      return access.operand;
    default:
      return undefined;
  }
}

export function isLoop({ kind }: TreeNode): boolean {
  return kind === 'while' || kind === 'do' || kind === 'for';
}

/** Nobody looks at what the expression comes to: it is a statement by itself, maybe behind `(void)`. */
export function standsAlone(definition: FunctionDefinition, e: Expression): boolean {
  return statementsIn(definition).has(e);
}

const statementsIn = memo(
  (definition: FunctionDefinition): ReadonlySet<Expression> =>
    new Set(nodesIn(definition, 'expression').map(({ expression }) => stripConversions(expression, { casts: true }))),
);

const nodesOf = memo((body: FunctionDefinition['body']): Nodes => {
  const nodes: Nodes = {
    'address-of': [],
    assign: [],
    call: [],
    compound: [],
    dereference: [],
    error: [],
    expression: [],
    if: [],
    increment: [],
    index: [],
    member: [],
    name: [],
    return: [],
    sizeof: [],
    'variable-declaration': [],
  };
  walk(body, (node) => {
    switch (node.kind) {
      case 'address-of':
        nodes['address-of'].push(node);
        return;
      case 'assign':
        nodes.assign.push(node);
        return;
      case 'call':
        nodes.call.push(node);
        return;
      case 'compound':
        nodes.compound.push(node);
        return;
      case 'dereference':
        nodes.dereference.push(node);
        return;
      case 'error':
        nodes.error.push(node);
        return;
      case 'expression':
        nodes.expression.push(node);
        return;
      case 'if':
        nodes.if.push(node);
        return;
      case 'increment':
        nodes.increment.push(node);
        return;
      case 'index':
        nodes.index.push(node);
        return;
      case 'member':
        nodes.member.push(node);
        return;
      case 'name':
        nodes.name.push(node);
        return;
      case 'return':
        nodes.return.push(node);
        return;
      case 'sizeof':
        nodes.sizeof.push(node);
        return;
      case 'variable-declaration':
        nodes['variable-declaration'].push(node);
        return;
      default:
    }
  });
  return nodes;
});
