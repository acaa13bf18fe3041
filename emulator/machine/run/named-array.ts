/**
 * An index so far off that it leaves all memory, or ends in somebody else's: the array is named in the expression, so
 * the access is outside of it, wherever that is.
 *
 * In: the expression at fault and its address. Out: the memory of the variable that it indexes; undefined where the
 * expression names no array.
 */
import type { Expression, NodeBase, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { Fault, Region } from '../machine-types.ts';
import { USER_LIMIT } from '../memory/layout.ts';
import { homeOf } from './frames.ts';
import { type MachineState, routineAt } from './state.ts';
import type { ThreadState } from './thread.ts';

export function indexedVariable(
  m: MachineState,
  thread: ThreadState,
  node: NodeBase,
  fault: Fault,
): Pick<Region, 'start' | 'size' | 'label'> | undefined {
  const e = node as Expression;
  // What a plain assignment reads is its value. And no index leads from memory of the kernel to an address of user mode.
  if (e.kind === 'assign' && e.operator === undefined && fault.access === 'read') return undefined;
  if (fault.address < USER_LIMIT) return undefined;
  const symbol = arrayOf(e);
  if (symbol === undefined) return undefined;
  const home = homeOf(m, thread, 0, symbol);
  if (home.kind !== 'memory') return undefined;
  const routine = routineAt(m, thread.pc)?.name ?? '';
  const label = symbol.duration === 'static' ? `global ${symbol.name}` : `local ${symbol.name} of ${routine}`;
  return { start: home.address, size: sizeOf(symbol.type), label };
}

/** `a` in `a[i]`, `a[i][j]`, `a[i].m`, and in an assignment to one of them. */
function arrayOf(e: Expression): VariableSymbol | undefined {
  switch (e.kind) {
    case 'assign':
      return arrayOf(e.target);
    case 'increment':
      return arrayOf(e.operand);
    case 'member':
      return e.isArrow ? undefined : arrayOf(e.object);
    case 'index': {
      const base = e.base.kind === 'decay' ? e.base.operand : undefined;
      if (base?.kind === 'name' && base.symbol.kind === 'variable' && base.type.kind === 'array') return base.symbol;
      return base === undefined ? undefined : arrayOf(base);
    }
    default:
      return undefined;
  }
}
