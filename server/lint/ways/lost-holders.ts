/**
 * What nothing leads to any more but memory that is gone, or is gone when a request is done: the context that a completion
 * routine frees, the IRP on which it hangs. In: a function's end. Out: the MDLs, sockets, work items and memory that are
 * lost so, and who takes the memory around them back.
 *
 * What holds them shows in memory. Where code that is not here may have it, or a routine that takes the memory back looks
 * at any of the kind, nothing is said; of memory, which has no type of its own, where any routine does that.
 */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { nodesIn } from '../body/nodes.ts';
import { pointsTo } from '../body/record-type.ts';
import { calledName, isUnknownCall } from '../driver/callee.ts';
import { functionsNamed } from '../driver/named.ts';
import { leadsOutside, ledTo } from '../driver/reach.ts';
import type { Block } from '../flow/facts/kernel.ts';
import type { Exit, FunctionInfo, Session } from '../flow/run/session.ts';
import { isNull, type State } from '../flow/state/state.ts';
import { mentions, type Place, type Value } from '../flow/values/values.ts';

export interface LostHolder {
  readonly block: Block;
  /** Who frees what holds it: a function of the kernel, or a completion routine. */
  readonly freedBy: string;
  /** The driver's function in which that is done, where it is not the one that made the MDL. */
  readonly routine: string | undefined;
}

export function lostHolders(wanted: keyof typeof records, exit: Exit, state: State): readonly LostHolder[] {
  return [...state.kernel.blocks.values()].flatMap((block): readonly LostHolder[] => {
    const { kind, made, life, keptBy, value } = block;
    if (kind !== wanted || made === undefined || life !== 'live' || keptBy === 'nobody' || isNull(state, value))
      return [];
    if (exit.value !== undefined && mentions(exit.value.key, value.key)) return [];
    const takers = holdersOf(state, value).map(({ root }) =>
      root.kind === 'pointee' ? takerOf(state, root.pointer.key) : undefined,
    );
    const [first] = takers;
    return first === undefined || takers.includes(undefined) ? [] : [{ block, ...first }];
  });
}

/** What pointers to them point to. */
const records = { mdl: '_MDL', socket: '_WSK_SOCKET', 'work-item': '_IO_WORKITEM', pool: undefined } as const;

/** Where it lies, but in locals; what is read from behind it is named after it, and leads to nothing. */
export function holdersOf(state: State, { key }: Value): readonly Place[] {
  return [...state.cells.values()].flatMap(({ place, value }) =>
    place.root.kind !== 'local' && mentions(value.key, key) && !mentions(place.root.key, key) ? [place] : [],
  );
}

/** Who takes back, or has taken back, the memory that a value leads to. */
function takerOf(state: State, key: string): Pick<LostHolder, 'freedBy' | 'routine'> | undefined {
  const freed = state.kernel.blocks.get(key)?.freed;
  if (freed !== undefined) {
    const routine = freed.by?.routine;
    return { freedBy: routine ?? freed.api, routine: routine ?? freed.where.inside?.helper };
  }
  const life = state.facts.get(key)?.life;
  if (life?.kind === 'freed') return { freedBy: 'IoFreeIrp', routine: life.where.inside?.helper };
  return life?.kind === 'sent' && life.frees.kind === 'always'
    ? { freedBy: life.frees.routine, routine: life.frees.routine }
    : undefined;
}

/** Nobody else has it: all calls of the function go to code that is here or known, and the routine leaves its kind alone. */
export function isNobodyElses(session: Session, fn: FunctionInfo, { routine, block }: LostHolder): boolean {
  const record = block.kind in records ? records[block.kind as keyof typeof records] : undefined;
  if (record === undefined && routine !== undefined) return false;
  const isSuch = ({ type }: Expression): boolean => record !== undefined && pointsTo(type, record);
  const isOpen = nodesIn(fn.definition, 'call').some(
    (call) => isUnknownCall(session, call) && calledName(call)?.startsWith('Wsk') !== true,
  );
  if (isOpen || leadsOutside(session, fn)) return false;
  const [completion] = routine === undefined ? [] : functionsNamed(session, routine);
  if (completion === undefined) return routine === undefined;
  if (leadsOutside(session, completion)) return false;
  const led = ledTo(session, completion);
  return !session.functions.some(({ key, definition }) => led.has(key) && nodesIn(definition, 'member').some(isSuch));
}
