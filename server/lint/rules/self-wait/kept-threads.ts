/**
 * Where drivers keep their threads. In: the calls of PsCreateSystemThread. Out: by member or variable that lasts, the routine
 * whose thread's object or handle lies there, where that is always the same one.
 */
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { keeperOf } from '../../driver/pool-keepers.ts';
import { functionNamed } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';

export interface KeptThread {
  readonly routine: FunctionInfo;
  /** The call that makes the thread. */
  readonly made: CallExpression;
}

export function threadsKept(session: Session): ReadonlyMap<string, KeptThread> {
  const kept = new Map<string, KeptThread>();
  const unsure = new Set<string>();
  for (const { isUsers, definition } of session.functions) {
    if (!isUsers) continue;
    const calls = nodesIn(definition, 'call');
    const makers = calls.filter((call) => calledName(call) === 'PsCreateSystemThread');
    for (const made of makers) {
      const symbol = made.arguments[5] === undefined ? undefined : functionNamed(made.arguments[5]);
      const routine = symbol === undefined ? undefined : session.functionOf(symbol);
      // Which of two threads a handle is of, the order of the calls would tell.
      for (const keeper of keepersOf(session, definition, made)) {
        const other = kept.get(keeper);
        if (routine === undefined || makers.length > 1 || (other !== undefined && other.routine !== routine))
          unsure.add(keeper);
        else kept.set(keeper, { routine, made });
      }
    }
  }
  for (const keeper of unsure) kept.delete(keeper);
  return kept;
}

/** Of the handle, and of the object that it leads to. */
function keepersOf(session: Session, definition: FunctionDefinition, made: CallExpression): readonly string[] {
  const handle = behindAddress(made.arguments[0]);
  if (handle === undefined) return [];
  const places = [handle];
  for (const call of nodesIn(definition, 'call')) {
    const [from] = call.arguments;
    if (calledName(call) !== 'ObReferenceObjectByHandle' || from === undefined || !isSame(session, from, handle))
      continue;
    const object = behindAddress(call.arguments[4]);
    if (object !== undefined) places.push(object);
  }
  for (const { target, value, operator } of nodesIn(definition, 'assign'))
    if (operator === undefined && places.some((place) => isSame(session, value, place))) places.push(target);
  return places.flatMap((place) => keeperOf(session, place) ?? []);
}

function behindAddress(argument: Expression | undefined): Expression | undefined {
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  return e?.kind === 'address-of' ? e.operand : undefined;
}

/** One local, or one member or variable that lasts. */
function isSame(session: Session, a: Expression, b: Expression): boolean {
  const [x, y] = [a, b].map((e) => stripConversions(e, { casts: true }));
  if (x?.kind === 'name' && y?.kind === 'name') return x.symbol === y.symbol;
  const keeper = keeperOf(session, a);
  return keeper !== undefined && keeper === keeperOf(session, b);
}
