/**
 * Waits: what others may have changed meanwhile, the way on which the time has passed, and the mutex that is held
 * afterwards. At most two states come of one wait.
 */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { someNode, stripConversions } from '../../../../cfront/parse/walk.ts';
import { pointsTo } from '../../body/record-type.ts';
import { calledName } from '../../driver/callee.ts';
import type { ApiCall } from '../facts/events.ts';
import type { Released } from '../facts/kernel.ts';
import { STATUS_TIMEOUT } from '../facts/statuses.ts';
import { happen } from '../run/run.ts';
import { fresh } from '../state/forget.ts';
import { changeShared } from '../state/memory.ts';
import { copyState, isNull, mayBeNull, narrow, type State } from '../state/state.ts';
import { exactly, except, NOT_ZERO } from '../values/ranges.ts';
import { ANYTHING } from '../values/values.ts';
import type { Call } from './call.ts';
import { waitedFor } from './event-states.ts';
import { acquire } from './locks.ts';
import { steadyIn } from './steady.ts';

export function waitFor(call: Call, state: State, timeout: number | undefined, to: number): readonly State[] {
  const { run, expression, values, site, where } = call;
  const result = fresh(state, site, 'result');
  state.temporaries.set(to, result);
  const limit = timeout === undefined ? undefined : (values[timeout] ?? ANYTHING);
  const keepState = waitedFor(call, state);
  const waited = (after: State): State => {
    happen(run, after, { kind: 'wait', isForObject: true, where });
    changeShared(after, site, steadyIn(run));
    keepState(after);
    if (takesMutex(call, after)) {
      acquire(call, after, calledName(expression) ?? '', MUTEX);
      // Where nothing but the mutex ends the wait there is nothing else to hear.
      narrow(after, result, exactly(0n));
    }
    // Nothing that others could have changed is the result of this very call.
    after.temporaries.set(to, result);
    return after;
  };
  if (limit === undefined || limit.kind === 'anything' || isNull(state, limit)) return [waited(state)];
  // Where there may be no limit, a function that asks whether it has passed says that there may be one.
  const isUnsure = mayBeNull(state, limit);
  if (isUnsure && !asksForTimeout(run.fn.definition)) return [waited(state)];
  const early = copyState(state);
  if (isUnsure) narrow(early, limit, NOT_ZERO);
  narrow(early, result, exactly(STATUS_TIMEOUT));
  changeShared(early, site, steadyIn(run));
  narrow(state, result, except(STATUS_TIMEOUT));
  return [early, waited(state)];
}

const asksForTimeout = memo((definition: FunctionDefinition): boolean =>
  someNode(definition.body, (node) => node.kind === 'integer' && node.value === STATUS_TIMEOUT),
);

const MUTEX = { kind: 'acquire', lock: 'mutex', at: 0, raises: undefined, saves: undefined } as const;

/** It waits for a mutex, and nothing but the mutex ends the wait. */
function takesMutex({ expression, values }: Call, state: State): boolean {
  return isMutex(expression.arguments[0]) && values[3] !== undefined && isNull(state, values[3]);
}

function isMutex(object: Expression | undefined): boolean {
  return object !== undefined && pointsTo(stripConversions(object, { casts: true }).type, '_KMUTANT');
}

/**
 * A helper that waits for whatever it is given, which its caller knows to be a mutex. What comes of a wait that may end
 * before nobody follows.
 */
export function takeGivenMutex(call: Call, state: State, asked: ApiCall, released: readonly Released[]): void {
  if (asked.api !== 'KeWaitForSingleObject' || isMutex(asked.expression.arguments[0])) return;
  const [object, , , alertable, timeout] = asked.arguments;
  const at = call.values.findIndex(({ key }) => key === object?.key);
  if (object === undefined || !isMutex(call.expression.arguments[at])) return;
  if (released.some(({ lock }) => lock.key === object.key)) return;
  if ([alertable, timeout].every((value) => value !== undefined && isNull(state, value)))
    acquire({ ...call, values: [object], where: asked.where }, state, asked.api, MUTEX);
  else state.kernel.isVague = true;
}
