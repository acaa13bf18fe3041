/**
 * What a function does for one control code works on the buffer, while it asks for the lengths for others only. In: a
 * function that decides by the code. Out: where it does so. Sure where nobody asks before it comes there: no caller, and
 * nothing in the function outside of what it does for single codes.
 */
import type { Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { someNode, stripConversions, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import { type Case, casesAt } from '../../body/control-codes.ts';
import { givenIn, throughLocal } from '../../body/given-values.ts';
import { nodesIn, pointerBehind } from '../../body/nodes.ts';
import { calledFunction } from '../../driver/callee.ts';
import { around, ownLedTo } from '../../driver/reach.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { asksForLength, givesAway, isBuffer, isLength, isUnknownWithRequest, usesOfBuffer } from './uses.ts';

const METHOD_NEITHER = 3n;

export function usesByCode(session: Session, fn: FunctionInfo): readonly Expression[] {
  const { definition } = fn;
  const cases: Case[] = [];
  walk(definition.body, (node) => {
    cases.push(...casesAt(definition, node));
  });
  if (cases.length < 2 || around(session, fn).some((other) => other !== fn && asksForLength(other.definition)))
    return [];
  const holders = new Set(
    givenIn(definition).flatMap(({ variable, value }) =>
      isLength(stripConversions(value, { casts: true })) ? [variable] : [],
    ),
  );
  if (asksOutside(definition, cases, holders)) return [];
  return cases.flatMap((one) =>
    (one.code & 3n) === METHOD_NEITHER || asks(session, one, holders) ? [] : uses(session, definition, one).slice(0, 1),
  );
}

function partsOf({ condition, statements }: Case): readonly TreeNode[] {
  return condition === undefined ? statements : [condition, ...statements];
}

/** A length is named where it is for any code, and not only to have it in a local. */
function asksOutside(definition: FunctionDefinition, cases: readonly Case[], holders: ReadonlySet<unknown>): boolean {
  const inside = new Set<TreeNode>(cases.flatMap(partsOf));
  const given = new Set<TreeNode>(givenIn(definition).map(({ value }) => stripConversions(value, { casts: true })));
  const targets = new Set<TreeNode>(nodesIn(definition, 'assign').map(({ target }) => target));
  let isAsked = false;
  walk(definition.body, (node) => {
    if (inside.has(node)) return false;
    if (node.kind === 'member' && isLength(node) && !given.has(node)) isAsked = true;
    if (node.kind === 'name' && holders.has(node.symbol) && !targets.has(node)) isAsked = true;
    return undefined;
  });
  return isAsked;
}

function asks(session: Session, one: Case, holders: ReadonlySet<unknown>): boolean {
  return partsOf(one).some((part) =>
    someNode(part, (node) => {
      if (node.kind === 'member') return isLength(node);
      if (node.kind === 'name') return holders.has(node.symbol);
      if (node.kind !== 'call') return false;
      const called = calledFunction(session, node);
      if (called?.isUsers !== true) return isUnknownWithRequest(session, node);
      return ownLedTo(session, called).some((other) => asksForLength(other.definition) || givesAway(session, other));
    }),
  );
}

/** The statements work on the buffer, or a helper does that gets it or the request. */
function uses(session: Session, definition: FunctionDefinition, { statements }: Case): readonly Expression[] {
  const own = statements.flatMap((statement) => usesOfBuffer(definition, statement));
  const helped: Expression[] = [];
  for (const statement of statements)
    walk(statement, (node) => {
      if (node.kind !== 'call') return;
      const called = calledFunction(session, node);
      if (called?.isUsers !== true) return;
      const isGiven = node.arguments.some((argument, index) => {
        const from = throughLocal(definition, argument);
        const parameter = called.definition.parameters[index];
        return (
          from.kind === 'member' && isBuffer(from) && parameter !== undefined && touches(called.definition, parameter)
        );
      });
      if (isGiven || ownLedTo(session, called).some((other) => usesOfBuffer(other.definition).length > 0))
        helped.push(node);
    });
  return [...own, ...helped];
}

/** Memory behind the parameter is read or written by its name. */
function touches(definition: FunctionDefinition, parameter: VariableSymbol): boolean {
  return someNode(definition.body, (node) => {
    const pointer =
      node.kind === 'member' || node.kind === 'index' || node.kind === 'dereference' ? pointerBehind(node) : undefined;
    const inner = pointer === undefined ? undefined : stripConversions(pointer, { casts: true });
    return inner?.kind === 'name' && inner.symbol === parameter;
  });
}
