/**
 * Members and variables that sockets are put into, and from which none is ever closed, although others of the driver are. In:
 * the driver. Out: of each, where a socket is put there.
 *
 * Sure where all that names it is seen to do something else with it: to fill it with what a call of WSK has just left, to
 * compare it, to look into it, to call WSK with it. Whatever else is done with it may lead to its end.
 */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue } from '../../../../cfront/parse/expressions/constants.ts';
import { stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { valuesGiven } from '../../body/given-values.ts';
import { localVariable, nodesIn } from '../../body/nodes.ts';
import { pointsTo } from '../../body/record-type.ts';
import { calledFunction } from '../../driver/callee.ts';
import { keeperOf } from '../../driver/pool-keepers.ts';
import { callableFunctions } from '../../driver/reach.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';

/** `closesAside`: what closes a socket there does not count. */
export function neverClosed(session: Session, closesAside: (fn: FunctionInfo) => boolean): readonly Expression[] {
  const filled = new Map<string, Expression>();
  const others = new Set<string>();
  for (const fn of callableFunctions(session)) {
    const { definition } = fn;
    if (socketsIn(definition).length === 0) continue;
    const { harmless, fills } = usesIn(session, definition, { mayClose: closesAside(fn), helpers: new Set() });
    for (const node of socketsIn(definition)) {
      const keeper = keeperOf(session, node);
      if (keeper === undefined) continue;
      if (!harmless.has(node)) others.add(keeper);
      else if (fills.has(node) && !filled.has(keeper)) filled.set(keeper, node);
    }
  }
  return [...filled].flatMap(([keeper, node]) => (others.has(keeper) ? [] : [node]));
}

const socketsIn = memo((definition: FunctionDefinition): readonly Expression[] =>
  [...nodesIn(definition, 'member'), ...nodesIn(definition, 'name')].filter(isSocket),
);

function isSocket({ type }: Expression): boolean {
  return pointsTo(type, '_WSK_SOCKET');
}

interface Uses {
  /** Expressions whose value, or whose place, is only looked at or filled there. */
  readonly harmless: ReadonlySet<Expression>;
  readonly fills: ReadonlySet<Expression>;
}

interface Asking {
  /** Helpers that are being looked into. */
  readonly helpers: ReadonlySet<string>;
  /** To close it is as harmless as to look at it. */
  readonly mayClose: boolean;
}

function usesIn(session: Session, definition: FunctionDefinition, asking: Asking): Uses {
  const { looked, filled, returned, dereferenced, calls, closed } = plainUses(definition);
  const made = returned.flatMap(([target, value]) => (returnsMade(session, value) ? [target] : []));
  const fills = new Set([...filled, ...made]);
  const harmless = new Set([...looked, ...fills, ...(asking.mayClose ? closed : [])]);
  for (const call of calls) {
    const helper = calledFunction(session, call);
    if (helper === undefined || asking.helpers.has(helper.key)) continue;
    for (const [index, argument] of call.arguments.entries()) {
      const e = stripConversions(argument, { casts: true });
      const given = e.kind === 'address-of' ? stripConversions(e.operand) : e;
      if (!isSocket(given) && !isSocketPlace(e)) continue;
      if (!isHarmless(session, helper, index, asking)) continue;
      harmless.add(given);
      if (e.kind === 'address-of') fills.add(given);
    }
  }
  for (const [place, pointer] of dereferenced) if (harmless.has(place)) harmless.add(pointer);
  return { harmless, fills };
}

function isSocketPlace({ type }: Expression): boolean {
  return type.kind === 'pointer' && pointsTo(type.target, '_WSK_SOCKET');
}

/** What a helper is given there it only looks at, fills, or calls WSK with. */
function isHarmless(session: Session, helper: FunctionInfo, index: number, asking: Asking): boolean {
  const { definition } = helper;
  const parameter = definition.parameters[index];
  if (parameter === undefined) return false;
  const { harmless } = usesIn(session, definition, {
    ...asking,
    helpers: new Set([...asking.helpers, helper.key]),
  });
  return nodesIn(definition, 'name').every((node) => node.symbol !== parameter || harmless.has(node));
}

interface PlainUses {
  readonly looked: readonly Expression[];
  readonly filled: readonly Expression[];
  /** What is given something else, with that. */
  readonly returned: readonly (readonly [Expression, Expression])[];
  /** `*p` and its `p`. */
  readonly dereferenced: readonly (readonly [Expression, Expression])[];
  readonly calls: readonly CallExpression[];
  /** What WskCloseSocket is given. */
  readonly closed: readonly Expression[];
}

const plainUses = memo((definition: FunctionDefinition): PlainUses => {
  const looked: Expression[] = [];
  const closed: Expression[] = [];
  const filled: Expression[] = [];
  const returned: [Expression, Expression][] = [];
  const dereferenced: [Expression, Expression][] = [];
  const look = (...all: readonly (Expression | undefined)[]): void => {
    for (const e of all) if (e !== undefined) looked.push(stripConversions(e, { casts: true }));
  };
  walk(definition.body, (node) => {
    switch (node.kind) {
      case 'assign':
        if (node.operator !== undefined) return;
        if (constantValue(node.value) === 0n) looked.push(node.target);
        else if (isMade(definition, node.value)) filled.push(node.target);
        else returned.push([node.target, stripConversions(node.value, { casts: true })]);
        return;
      case 'dereference':
        dereferenced.push([node, stripConversions(node.operand, { casts: true })]);
        return;
      case 'member':
        if (node.name === 'Dispatch') look(node.object);
        return;
      case 'binary':
        if (/^[=!]=$/.test(node.operator)) look(node.left, node.right);
        return;
      case 'logical':
        look(node.left, node.right);
        return;
      case 'unary':
        if (node.operator === '!') look(node.operand);
        return;
      case 'if':
      case 'while':
      case 'do':
      case 'conditional':
        look(node.condition);
        return;
      case 'call': {
        const callee = stripConversions(node.callee, { casts: true });
        const [socket] = node.arguments;
        if (callee.kind !== 'member' || socket === undefined) return;
        if (callee.name === 'WskCloseSocket') closed.push(stripConversions(socket, { casts: true }));
        else if (callee.name.startsWith('Wsk')) look(socket);
        return;
      }
      default:
        return;
    }
  });
  return { looked, filled, returned, dereferenced, calls: nodesIn(definition, 'call'), closed };
});

/** It is what a helper returns, which is what a call of WSK has left, or NULL. */
function returnsMade(session: Session, value: Expression): boolean {
  const helper = value.kind === 'call' ? calledFunction(session, value) : undefined;
  const values = helper === undefined ? [] : nodesIn(helper.definition, 'return').flatMap((one) => one.value ?? []);
  const sockets = values.filter((one) => constantValue(one) !== 0n);
  return helper !== undefined && sockets.length > 0 && sockets.every((one) => isMade(helper.definition, one));
}

/** What a call of WSK has left in an IRP, by itself or in a local that is put nowhere else. */
function isMade(definition: FunctionDefinition, value: Expression): boolean {
  const e = stripConversions(value, { casts: true });
  if (isLeft(e)) return true;
  const variable = localVariable(e);
  if (variable === undefined || variable.isParameter) return false;
  const given = valuesGiven(definition, variable).filter((one) => constantValue(one) !== 0n);
  const takers = nodesIn(definition, 'assign').filter((one) => {
    const taken = stripConversions(one.value, { casts: true });
    return taken.kind === 'name' && taken.symbol === variable;
  });
  return takers.length <= 1 && given.length > 0 && given.every(isLeft);
}

function isLeft(value: Expression): boolean {
  const e = stripConversions(value, { casts: true });
  return e.kind === 'member' && e.name === 'Information';
}
