/**
 * Which functions of the driver stand behind a member: what initialisers and assignments put into members of dispatch
 * tables (`WSK_CLIENT_LISTEN_DISPATCH`, the driver's own tables, `DriverUnload`, `MajorFunction[…]`) and into
 * variables. One reading of the tree answers for all members, and is kept as long as the unit lives.
 */

import { memo } from '../../../base/memo.ts';
import type { Expression, FunctionSymbol, InitializerList, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { children, constantValue, stripConversions, type TreeNode } from '../../../cfront/parse/walk.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { CType, Field } from '../../../cfront/types/types.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { functionNamed } from '../../lint/driver/roles.ts';
import { type Entity, entityKey, entityName } from '../names/entity.ts';

interface Targets {
  readonly byKey: ReadonlyMap<string, readonly FunctionSymbol[]>;
  /** Names of the members and variables that each function is put into. */
  readonly holders: ReadonlyMap<FunctionSymbol, ReadonlySet<string>>;
}

/**
 * In order of place; empty for what nobody puts a function into. With the number of an element, of an array's functions
 * those that are put there.
 */
export function functionsPutInto(unit: TranslationUnit, entity: Entity, element?: bigint): readonly FunctionSymbol[] {
  const { byKey } = targetsOf(unit);
  const own = element === undefined ? undefined : byKey.get(elementKey(entity, element));
  return own ?? byKey.get(entityKey(entity)) ?? [];
}

/** Names of the members and variables of the driver's or of bundled structures that hold a function. */
export function holdersOf(unit: TranslationUnit, symbol: FunctionSymbol): readonly string[] {
  return [...(targetsOf(unit).holders.get(symbol) ?? [])];
}

function elementKey(entity: Entity, element: bigint): string {
  return `${entityKey(entity)}[${element}]`;
}

const targetsOf = memo((unit: TranslationUnit): Targets => {
  const all = new Map<string, FunctionSymbol[]>();
  const holders = new Map<FunctionSymbol, Set<string>>();
  const put = (entity: Entity | undefined, value: Expression, element?: bigint): void => {
    const target = functionNamed(value);
    if (target === undefined || entity === undefined) return;
    const names = holders.get(target) ?? new Set();
    holders.set(target, names.add(entityName(entity)));
    for (const key of [entityKey(entity), ...(element === undefined ? [] : [elementKey(entity, element)])]) {
      const before = all.get(key);
      if (before === undefined) all.set(key, [target]);
      else if (!before.includes(target)) before.push(target);
    }
  };
  const list = (type: CType, { entries }: InitializerList): void => {
    for (const { offset, value } of entries) {
      if (functionNamed(value) === undefined) continue;
      const field = fieldAt(type, offset);
      if (field !== undefined) put({ kind: 'member', field, record: undefined }, value);
    }
  };
  const initial = (symbol: VariableSymbol, node: TreeNode): void => {
    if (node.kind === 'list') list(symbol.type, node);
  };
  const pending: TreeNode[] = unit.declarations.filter((node) => !unit.isSystemFile(place(node.first).file)).reverse();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    switch (node.kind) {
      case 'variable-declaration':
        if (node.initializer?.kind === 'expression')
          put({ kind: 'symbol', symbol: node.symbol }, node.initializer.value);
        else if (node.initializer !== undefined) initial(node.symbol, node.initializer);
        break;
      case 'compound-literal':
        if (node.initializer.kind === 'list') initial(node.symbol, node.initializer);
        break;
      case 'assign':
        put(targetOf(node.target), node.value, elementOf(node.target));
        break;
      default:
        break;
    }
    const below = children(node);
    for (let i = below.length - 1; i >= 0; i--) pending.push(below[i] as TreeNode);
  }
  return { byKey: all, holders };
});

/** What an assignment changes: a member, an element of an array member, or a variable. */
function targetOf(target: Expression): Entity | undefined {
  let inner = stripConversions(target);
  while (inner.kind === 'index') inner = stripConversions(inner.base);
  if (inner.kind === 'name') return { kind: 'symbol', symbol: inner.symbol };
  return inner.kind === 'member' && inner.field !== undefined
    ? { kind: 'member', field: inner.field, record: undefined }
    : undefined;
}

/** The number of the element, where it is a constant. */
export function elementOf(target: Expression): bigint | undefined {
  const inner = stripConversions(target);
  return inner.kind === 'index' ? constantValue(inner.index) : undefined;
}

/** The innermost member at an offset. Ends because each step goes into a smaller type. */
function fieldAt(type: CType, offset: number, around?: Field): Field | undefined {
  switch (type.kind) {
    case 'array': {
      const size = type.length === undefined || type.length === 0 ? 0 : sizeOfElement(type.element);
      return fieldAt(type.element, size === 0 ? 0 : offset % size, around);
    }
    case 'record': {
      const fields = type.definition.fields ?? [];
      const field = fields.findLast((one) => one.offset <= offset);
      return field === undefined ? around : fieldAt(field.type, offset - field.offset, field);
    }
    default:
      return around;
  }
}

function sizeOfElement(type: CType): number {
  return type.kind === 'record' ? type.definition.size : type.kind === 'pointer' ? 8 : 0;
}
