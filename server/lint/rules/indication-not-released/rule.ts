/** What a receive event keeps by STATUS_PENDING goes back with WskRelease. */
import type { CallExpression, Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { givenIn } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { callsOf, functionNamed, roleOf } from '../../driver/roles.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { siteKey, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const indicationNotReleased: Rule = {
  id: 'indication-not-released',
  severity: 'error',
  docRules: ['R73', 'R74'],
  also: [],
  summary: 'A receive event that returns STATUS_PENDING keeps its indication until WskRelease.',
  seesThroughHelpers: true,
  calls: ['WskRelease'],
  call: ({ arguments: [, indication], where }, { state, fn, session }) => {
    if (indication?.kind !== 'symbol' || !isReceiver(session, fn)) return;
    const { source } = indication;
    if (source.kind === 'parameter' && source.index === INDICATION) state.marks.add(`${RELEASED}${siteKey(where)}`);
  },
  exit: (exit, { state, fn, session, report }) => {
    if (exit.value?.kind !== 'integer' || exit.value.value === STATUS_PENDING || !isReceiver(session, fn)) return;
    for (const mark of state.marks)
      if (mark.startsWith(RELEASED))
        report({
          where: exit.where,
          message: `${fn.definition.symbol.name} has given the indication to WskRelease on this way, and does not keep it by returning STATUS_PENDING: WSK frees it again when the callback returns.`,
          path: [],
          docRules: ['R74'],
          once: siteKey(exit.where),
          // Where no way keeps it, the call is what is wrong.
          when: () => !keepsNothing(session, fn),
        });
  },
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      const call = isReceiver(session, fn) && keepsNothing(session, fn) ? releaseIn(session, fn) : undefined;
      if (call === undefined) continue;
      report({
        where: whereOf(call),
        span: nodePlace(call),
        message: `${fn.definition.symbol.name} gives the indication to WskRelease and never keeps it by returning STATUS_PENDING: WSK frees it again when the callback returns.`,
        path: [],
        docRules: ['R74'],
      });
    }
    const isReleased = callsOf(session, 'WskRelease').length > 0;
    const isWholeDriver = session.functions.some(({ definition }) => definition.symbol.name === 'DriverEntry');
    for (const fn of session.functions) {
      if (!isReceiver(session, fn)) continue;
      if (isReleased ? isNamedAnywhere(fn) : !isWholeDriver && isHandedOut(session, fn)) continue;
      const why = isReleased
        ? 'and puts it nowhere where a later WskRelease could find it'
        : 'and nothing in these files calls WskRelease';
      for (const exit of analysisOf(session, fn)?.exits ?? []) {
        if (exit.value?.kind !== 'integer' || exit.value.value !== STATUS_PENDING) continue;
        report({
          where: exit.where,
          message: `${fn.definition.symbol.name} keeps the indication by returning STATUS_PENDING, ${why}: the data stays allocated, and WskCloseSocket never completes.`,
          path: [],
          docRules: ['R73'],
          once: siteKey(exit.where),
        });
      }
    }
  },
};

/** Position of the indication among the parameters of both callbacks. */
const INDICATION = 2;
/** What the mark of a way begins with on which the callback has released its indication. */
const RELEASED = 'released-indication@';

function isReceiver(session: Session, fn: FunctionInfo): boolean {
  return fn.isUsers && /^WSK_RECEIVE(?:_FROM)?_EVENT$/.test(roleOf(session, fn) ?? '');
}

/** On every way it returns something else than STATUS_PENDING. */
function keepsNothing(session: Session, fn: FunctionInfo): boolean {
  const exits = analysisOf(session, fn)?.exits ?? [];
  return exits.length > 0 && exits.every(({ value }) => value?.kind === 'integer' && value.value !== STATUS_PENDING);
}

/** The call by which the callback, or a helper that it gives the indication to, releases it. */
function releaseIn(session: Session, { definition }: FunctionInfo): CallExpression | undefined {
  const calls = (inside: FunctionDefinition, index: number): readonly CallExpression[] =>
    nodesIn(inside, 'call').filter((call) => call.arguments.some((e) => isName(e, inside.parameters[index])));
  return calls(definition, INDICATION).find((call) => {
    if (calledName(call) === 'WskRelease') return true;
    const helper = calledFunction(session, call)?.definition;
    const at = call.arguments.findIndex((e) => isName(e, definition.parameters[INDICATION]));
    return helper !== undefined && calls(helper, at).some((inner) => calledName(inner) === 'WskRelease');
  });
}

function isName(value: Expression, variable: VariableSymbol | undefined): boolean {
  const inner = stripConversions(value, { casts: true });
  return inner.kind === 'name' && inner.symbol === variable;
}

/** It is stored, put in a variable, or given to a call: somebody else may know it then. */
function isNamedAnywhere({ definition }: FunctionInfo): boolean {
  const isIt = (e: Expression): boolean => isName(e, definition.parameters[INDICATION]);
  return (
    givenIn(definition).some(({ value }) => isIt(value)) ||
    nodesIn(definition, 'assign').some(({ value }) => isIt(value)) ||
    nodesIn(definition, 'call').some((call) => call.arguments.some(isIt))
  );
}

/** The indication goes where another file of the driver finds it: into memory that is not this file's alone, or to a function there. */
function isHandedOut(session: Session, { definition }: FunctionInfo): boolean {
  const indication = definition.parameters[INDICATION];
  const isIt = (value: Expression): boolean => isName(value, indication);
  const isStored = nodesIn(definition, 'assign').some(({ value, target }) => {
    const to = stripConversions(target, { casts: true });
    const isOwn = to.kind === 'name' && to.symbol.kind === 'variable' && to.symbol.linkage !== 'external';
    return isIt(value) && !isOwn;
  });
  const isGiven = nodesIn(definition, 'call').some((call) => {
    const callee = functionNamed(call.callee);
    return call.arguments.some(isIt) && (callee === undefined || session.functionOf(callee) === undefined);
  });
  return isStored || isGiven;
}
