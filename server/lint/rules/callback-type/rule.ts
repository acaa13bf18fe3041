/**
 * A callback has the parameters and the result that its caller knows. In: casts that put a function where one of
 * another type belongs, which silence the compiler, and the dispatch table beside what `_Dispatch_type_` says. What the
 * compiler tells itself is not told again.
 */

import { memo } from '../../../../base/memo.ts';
import type { CastExpression, DeclarationNode, FunctionSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import type { CType, FunctionType, RecordType } from '../../../../cfront/types/types.ts';
import { nodesIn } from '../../body/nodes.ts';
import { ownDeclarations } from '../../body/own-declarations.ts';
import { functionNamed, innerValue, majorOf, roleName } from '../../driver/roles.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { FinishContext, Rule } from '../../rule.ts';

export const callbackType: Rule = {
  id: 'callback-type',
  severity: 'error',
  docRules: ['R88'],
  also: ['C28168', 'SDV DispatchMismatch'],
  summary: 'A callback has the parameters and the result that its caller knows.',
  finish: (context) => {
    const { session, report } = context;
    for (const unit of session.units)
      for (const declaration of ownDeclarations(unit)) {
        for (const { cast, symbol, wanted, role } of castsIn(declaration)) {
          const difference = differenceOf(symbol.type, wanted);
          if (difference === undefined) continue;
          report({
            where: whereOf(cast),
            span: nodePlace(cast),
            message: `The cast hides that ${symbol.name} is no ${role}: ${difference}.`,
            path: [],
            docRules: role.startsWith('WSK_') ? ['R88'] : [],
          });
        }
      }
    checkDispatchTypes(context);
  },
};

interface Put {
  readonly cast: CastExpression;
  readonly symbol: FunctionSymbol;
  readonly wanted: FunctionType;
  /** DRIVER_DISPATCH, WSK_RECEIVE_EVENT. */
  readonly role: string;
}

const castsIn = memo((declaration: DeclarationNode): readonly Put[] => {
  const casts: Put[] = [];
  walk(declaration, (node) => {
    if (node.kind !== 'cast' || node.type.kind !== 'pointer' || node.type.target.kind !== 'function') return;
    const inner = stripConversions(node.operand);
    const symbol = inner.kind === 'cast' ? undefined : functionNamed(inner);
    const role = roleName(node.type.alias);
    if (symbol !== undefined && role !== undefined) casts.push({ cast: node, symbol, wanted: node.type.target, role });
  });
  return casts;
});

/** What goes wrong when a function is called as one of another type; undefined where nothing does. */
function differenceOf(own: FunctionType, wanted: FunctionType): string | undefined {
  if (!own.hasPrototype || !wanted.hasPrototype || own.isVariadic || wanted.isVariadic) return undefined;
  const [takes, gets] = [own.parameters.length, wanted.parameters.length];
  if (takes !== gets)
    return `it takes ${takes} parameter${takes === 1 ? '' : 's'} and is given ${gets}, so that ${takes > gets ? 'the rest is whatever lies there' : 'on x86 the stack is off by the difference'}`;
  for (const [index, { type }] of own.parameters.entries()) {
    const given = wanted.parameters[index]?.type;
    if (given !== undefined && isOther(type, given)) return `its parameter ${index + 1} is given something else`;
  }
  if (own.result.kind === 'void' && wanted.result.kind !== 'void')
    return 'it returns nothing, and the caller takes what is left in a register for its result';
  return undefined;
}

/** More bytes than are given, or a pointer to another of the structures. */
function isOther(own: CType, given: CType): boolean {
  if (own.kind !== 'pointer' || given.kind !== 'pointer') {
    const isScalar = [own, given].every(({ kind }) => kind === 'pointer' || kind === 'integer' || kind === 'enum');
    return isScalar && sizeOf(own) > sizeOf(given);
  }
  const [to, from] = [own.target, given.target];
  return to.kind === 'record' && from.kind === 'record' && !beginsWith(to, from) && !beginsWith(from, to);
}

function beginsWith(whole: RecordType, part: RecordType): boolean {
  if (whole.definition === part.definition) return true;
  const { fields } = whole.definition;
  // Of a structure that is only declared, nobody knows what it begins with.
  if (fields === undefined) return true;
  const [first] = fields;
  return first?.type.kind === 'record' && beginsWith(first.type, part);
}

/** A routine that says which requests it is for stands in the table under those codes. */
function checkDispatchTypes({ session, report }: FinishContext): void {
  for (const { isUsers, definition } of session.functions) {
    if (!isUsers) continue;
    for (const { target, value } of nodesIn(definition, 'assign')) {
      const code = majorOf(target);
      const symbol = functionNamed(innerValue(value));
      if (code === undefined || symbol === undefined) continue;
      const codes = dispatchTypes(symbol);
      if (codes.length === 0 || codes.includes(undefined) || codes.includes(code)) continue;
      report({
        where: whereOf(value),
        message: `${symbol.name} is declared with _Dispatch_type_ for other requests than those of this entry: it takes each parameter of the request for something else, or the declaration is wrong.`,
        path: [],
        severity: 'warning',
        docRules: [],
      });
    }
  }
}

/** The codes of its annotations; undefined for one that is no number. */
function dispatchTypes({ annotations }: FunctionSymbol): readonly (bigint | undefined)[] {
  return annotations.flatMap(({ name, arguments: [first] }) => {
    if (!name.startsWith('_Dispatch_type_')) return [];
    const text = first?.length === 1 ? first[0]?.text : undefined;
    return [text !== undefined && /^(?:0x[\da-f]+|\d+)$/i.test(text) ? BigInt(text) : undefined];
  });
}
