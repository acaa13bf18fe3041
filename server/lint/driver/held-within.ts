/**
 * Objects that the kernel has the address of, in memory that goes: what two rules share that look for it. In: the calls
 * that give the kernel such an object, and those that end that. Out: what a rule listens with.
 *
 * What was begun on a way, there or in a helper that does it whatever it is given, lasts until such an end; a function that
 * leads to one by a helper, or to code that cannot be seen, is left alone.
 */

import { nodesIn, standsAlone } from '../body/nodes.ts';
import { mayWait } from '../flow/calls/apis.ts';
import type { ApiCall } from '../flow/facts/events.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import { resolve, type State } from '../flow/state/state.ts';
import { pathTo, siteKey } from '../flow/state/where.ts';
import { ANYTHING, placeAt, type Root } from '../flow/values/values.ts';
import type { CheckContext, Rule } from '../rule.ts';
import { isUnknownCall } from './callee.ts';
import { isMadeAnyway } from './handed-on.ts';
import { functionsNamed } from './named.ts';
import { leadsOutside, mayCall } from './reach.ts';

export interface Watch {
  /** Keeps the marks of two rules apart; a word. */
  readonly mark: string;
  /** By the function that is given the object first: what the object is then, as in "memory with …". */
  readonly beginning: Readonly<Record<string, string>>;
  readonly ending: readonly string[];
  /** Whatever waits may end it too. */
  readonly endsByWaiting: boolean;
  /** Looks at a beginning more closely; the others do not count. */
  readonly isSure?: (call: ApiCall, context: CheckContext) => boolean;
}

export function watchMemory(
  watch: Watch,
): Required<Pick<Rule, 'event' | 'call' | 'seesThroughHelpers' | 'act' | 'exit'>> {
  const prefix = `${watch.mark}@`;
  const marksIn = ({ marks }: State): readonly string[] =>
    marks.size === 0 ? [] : [...marks].filter((mark) => mark.startsWith(prefix));
  const endsIt = (session: Session, fn: FunctionInfo): boolean =>
    mayCall(session, fn, watch.ending) ||
    leadsOutside(session, fn) ||
    nodesIn(fn.definition, 'call').some((call) => isUnknownCall(session, call));
  return {
    seesThroughHelpers: true,
    // A loop that asks memory again and again, too, until somebody has changed it.
    event: ({ kind }, { state }) => {
      if (kind === 'wait' && watch.endsByWaiting) for (const mark of marksIn(state)) state.marks.delete(mark);
    },
    call: (call, context) => {
      const { state, session } = context;
      const what = watch.beginning[call.api];
      if (what !== undefined && isMadeAnyway(session, call.where) && watch.isSure?.(call, context) !== false) {
        const root = placeAt(resolve(state, call.arguments[0] ?? ANYTHING))?.root;
        if (root !== undefined) state.marks.add(`${prefix}${nameOf(root)} ${what}`);
      } else if (watch.ending.includes(call.api) || (watch.endsByWaiting && mayWait(call.api))) {
        for (const mark of marksIn(state)) state.marks.delete(mark);
      }
    },
    act: (action, { state, fn, session, report }) => {
      if (action.kind !== 'free' || (action.block !== 'pool' && action.block !== 'work-item')) return;
      const name = `${prefix}*${action.value.key} `;
      const mark = marksIn(state).find((one) => one.startsWith(name));
      if (mark === undefined) return;
      report({
        where: action.where,
        message: `${action.api} gives back memory with ${mark.slice(name.length)}: the kernel still has its address, and goes on with what lies there by then.`,
        path: pathTo(action.where, 'It is given back here'),
        once: siteKey(action.where),
        when: () => !endsIt(session, fn),
      });
    },
    exit: (exit, { state, fn, session, report }) => {
      for (const mark of marksIn(state)) {
        const found = /^local (\w+) (.*)$/.exec(mark.slice(prefix.length));
        if (found === null) continue;
        report({
          where: exit.where,
          message: `The function returns, and its local ${found[1]} holds ${found[2]}: the kernel still has its address, and goes on with what lies on the stack by then.`,
          path: [],
          once: `${fn.key} ${found[1]}`,
          when: () => !endsIt(session, fn),
        });
      }
    },
  };
}

/** Nobody looks at what the call says, there or in the helper that makes it. */
export function isStatement({ where, expression }: ApiCall, { fn, session }: CheckContext): boolean {
  if (where.inside === undefined) return standsAlone(fn.definition, expression);
  let last = where.inside;
  while (last.where.inside !== undefined) last = last.where.inside;
  return functionsNamed(session, last.helper).some(({ analysed }) => standsAlone(analysed, expression));
}

function nameOf(root: Root): string {
  return root.kind === 'local' ? `local ${root.variable.name}` : root.key;
}
