/**
 * What DriverEntry begins and only a start that fails ends: a driver that has started keeps it for good. In: the functions
 * that begin it, each with those that end it. Out: what a rule listens with.
 *
 * That a start which succeeds keeps it, its way tells: no call on it has ended it. That nobody ends it later, the whole
 * driver's text does: nothing that runs when DriverEntry has returned calls one of these for the same object, and no helper
 * of the start does.
 */
import type { CallExpression, Expression } from '../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../cfront/parse/walk.ts';
import { isLocalVariable, nodesIn } from '../body/nodes.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import { hasFailed } from '../flow/state/outcome.ts';
import { siteKey, whereOf } from '../flow/state/where.ts';
import type { Rule } from '../rule.ts';
import { calledName } from './callee.ts';
import { keyAt } from './never-ended.ts';
import { laterFunctions } from './never-given-back.ts';
import { isWholeDriver, liveFunctions } from './reach.ts';
import { unloadRoutine } from './roles.ts';

export interface Beginning {
  readonly by: readonly string[];
  readonly ends: readonly string[];
  readonly message: string;
  /** The first argument of both is the object itself: what ends another one does not end this. */
  readonly isOfObject?: true;
}

export function watchStart(beginnings: readonly Beginning[]): Required<Pick<Rule, 'call' | 'exit'>> {
  return {
    call: ({ api, expression, where }, { state, fn }) => {
      if (where.inside !== undefined || !isStart(fn)) return;
      for (const [index, { by, ends }] of beginnings.entries())
        if (by.includes(api)) state.marks.add(`${markOf(index)}${siteKey(whereOf(expression))}`);
        else if (ends.includes(api))
          for (const mark of [...state.marks]) if (mark.startsWith(markOf(index))) state.marks.delete(mark);
    },
    exit: (exit, { state, fn, session, report }) => {
      if (state.marks.size === 0 || !isStart(fn) || exit.value === undefined || hasFailed(exit, state)) return;
      for (const [index, beginning] of beginnings.entries())
        for (const call of nodesIn(fn.analysed, 'call')) {
          if (
            !beginning.by.includes(calledName(call) ?? '') ||
            !state.marks.has(`${markOf(index)}${siteKey(whereOf(call))}`)
          )
            continue;
          report({
            where: whereOf(call),
            span: nodePlace(call),
            message: beginning.message,
            path: [],
            once: siteKey(whereOf(call)),
            when: () => isEndedAtStartOnly(session, fn, call, beginning),
          });
        }
    },
  };
}

function markOf(index: number): string {
  return `kept-at-start ${index}@`;
}

function isStart({ definition }: FunctionInfo): boolean {
  return definition.symbol.name === 'DriverEntry';
}

function isEndedAtStartOnly(
  session: Session,
  start: FunctionInfo,
  begun: CallExpression,
  { ends, isOfObject }: Beginning,
): boolean {
  if (!isWholeDriver(session) || unloadRoutine(session) === undefined) return false;
  const later = new Set(laterFunctions(session));
  const objectOf = ({ arguments: [first] }: CallExpression): string | undefined =>
    isOfObject === true ? lastingKey(first) : undefined;
  const object = objectOf(begun);
  let isEnded = false;
  for (const fn of liveFunctions(session)) {
    const calls = nodesIn(fn.definition, 'call').filter((call) => ends.includes(calledName(call) ?? ''));
    const named = nodesIn(fn.definition, 'name').filter(({ symbol }) => ends.includes(symbol.name));
    if (named.length > calls.length) return false;
    if (fn === start && !later.has(fn)) isEnded ||= calls.length > 0;
    else if (calls.some((call) => !isOther(object, objectOf(call)))) return false;
  }
  return isEnded;
}

function lastingKey(argument: Expression | undefined): string | undefined {
  const e = argument && stripConversions(argument, { casts: true });
  const isLocal = e?.kind === 'address-of' && isLocalVariable(stripConversions(e.operand));
  return isLocal ? undefined : keyAt(argument);
}

/** Both have names, and not the same. */
function isOther(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
