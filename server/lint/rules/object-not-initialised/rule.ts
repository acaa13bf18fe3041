/** R93: an event, mutex, semaphore or timer is initialised before anybody waits for it or signals it. */
import type { Expression, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import type { FunctionInfo } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import type { Rule } from '../../rule.ts';
import { isObject, neverInitialised, usesObject } from './never-initialised.ts';

export const objectNotInitialised: Rule = {
  id: 'object-not-initialised',
  severity: 'error',
  docRules: ['R93'],
  also: ['C6001'],
  summary: 'An event, mutex, semaphore or timer is initialised before its use.',
  finish: ({ session, report }) => {
    for (const { name, use } of neverInitialised(session))
      report({
        where: whereOf(use),
        span: nodePlace(use),
        message: `${name} is used here, and nothing in these files initialises it: the kernel takes what lies there for its list of waiting threads, and the machine stops.`,
        path: [],
      });
    for (const fn of session.functions) {
      if (!fn.isUsers) continue;
      const used = new Map<VariableSymbol, Expression>();
      const mentions = new Map<VariableSymbol, number>();
      const add = (symbol: VariableSymbol, count: number): void => {
        mentions.set(symbol, (mentions.get(symbol) ?? 0) + count);
      };
      for (const { callee: called, arguments: given } of nodesIn(fn.definition, 'call')) {
        const callee = stripConversions(called, { casts: true });
        if (callee.kind !== 'name' || callee.symbol.kind !== 'function') continue;
        const helper = session.functionOf(callee.symbol);
        for (const [index, argument] of given.entries()) {
          const local = localObject(argument);
          if (local === undefined) continue;
          if (!usesObject(callee.symbol.name) && (helper === undefined || !onlyUses(helper, index))) continue;
          if (!used.has(local)) used.set(local, argument);
          add(local, -1);
        }
      }
      if (used.size === 0) continue;
      for (const node of nodesIn(fn.definition, 'variable-declaration')) {
        if (node.initializer !== undefined) add(node.symbol, 1);
      }
      for (const { symbol } of nodesIn(fn.definition, 'name')) if (symbol.kind === 'variable') add(symbol, 1);
      for (const [symbol, argument] of used) {
        // Any other mention may be what initialises it.
        if (mentions.get(symbol) !== 0) continue;
        report({
          where: whereOf(argument),
          span: nodePlace(argument),
          message: `${symbol.name} is used here and nothing initialises it: the kernel takes whatever lies on the stack for its list of waiting threads, and the machine stops.`,
          path: [],
        });
      }
    }
  },
};

/** A helper does nothing with a parameter but hand it on to functions that use the object. */
function onlyUses({ definition }: FunctionInfo, index: number): boolean {
  const parameter = definition.parameters[index];
  const mentions = nodesIn(definition, 'name').filter(({ symbol }) => symbol === parameter).length;
  let handed = 0;
  for (const { callee: called, arguments: given } of nodesIn(definition, 'call')) {
    const callee = stripConversions(called, { casts: true });
    if (callee.kind !== 'name' || !usesObject(callee.symbol.name)) continue;
    for (const argument of given) {
      const inner = stripConversions(argument, { casts: true });
      if (inner.kind === 'name' && inner.symbol === parameter) handed++;
    }
  }
  return mentions > 0 && mentions === handed;
}

/** The local whose address an argument is. */
function localObject(argument: Expression): VariableSymbol | undefined {
  const inner = stripConversions(argument, { casts: true });
  if (inner.kind !== 'address-of' || inner.operand.kind !== 'name' || inner.operand.symbol.kind !== 'variable')
    return undefined;
  const { symbol } = inner.operand;
  return symbol.duration === 'automatic' && !symbol.isParameter && isObject(symbol.type) ? symbol : undefined;
}
