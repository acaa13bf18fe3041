/**
 * MmProbeAndLockPages stands inside __try, because it raises an exception where it cannot lock; and so does what works on the
 * memory of a program itself (`user-buffers.ts`).
 */
import type { CallExpression, FunctionDefinition, NameExpression } from '../../../../cfront/parse/ast.ts';
import { nodePlace, someNode, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isInsideFinally, isInsideTry } from '../../body/tries.ts';
import { mayCall } from '../../driver/reach.ts';
import { functionNamed, isHandedOn, roleOf } from '../../driver/roles.ts';
import { blockBehind } from '../../flow/facts/kernel.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import type { State } from '../../flow/state/state.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import { placeAt, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { usesOfProgram } from './user-buffers.ts';

const raising = /^(?:MmProbeAndLock(?:Process|Selected)?Pages|ProbeFor(?:Read|Write))$/;

export const probeOutsideTry: Rule = {
  id: 'probe-outside-try',
  severity: 'error',
  docRules: ['R96'],
  also: ['bug check 0x1E', 'bug check 0x7E'],
  summary: 'MmProbeAndLockPages and ProbeForRead are called, and the memory of a program is touched, inside __try.',
  calls: raising,
  call: (call, { state, fn, session, report }) => {
    if (isInsideTry(fn.analysed, call.where.node)) return;
    if (isKernelMemory(state, call.arguments[0])) return;
    report({
      where: call.where,
      message: `${call.api} raises an exception where the memory is not there or cannot be locked, and nothing here handles it: the machine stops (KMODE_EXCEPTION_NOT_HANDLED), at the latest when memory is short.`,
      path: pathTo(call.where, `${call.api} is called here, outside __try`),
      // The callers may do it for the function; where they are not to be seen, they get the benefit of the doubt.
      when: () =>
        !isCalledInsideTry(session, fn) && (!isInsideFinally(fn.analysed, call.where.node) || isUnhandled(session, fn)),
    });
  },
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      const [use] = fn.isUsers ? usesOfProgram(session, fn) : [];
      if (use === undefined || isCalledInsideTry(session, fn)) continue;
      const where = whereOf(use.node);
      report({
        where,
        span: nodePlace(use.node),
        message: `${use.name} leads into the memory of the program, which may be anywhere or gone at any time, and nothing here handles the exception: any program that may open the device can stop the machine.`,
        path: pathTo(where, 'It is read or written here'),
      });
    }
  },
};

/** All who call it are here, or the system does: nobody else handles what its `__finally` lets through. */
function isUnhandled(session: Session, fn: FunctionInfo): boolean {
  if (roleOf(session, fn) === undefined && fn.heardBy === 0) return false;
  const { name } = fn.definition.symbol;
  return !session.functions.some(
    (other) => other.isUsers && handles(other.definition) && mayCall(session, other, [name]),
  );
}

function handles({ body }: FunctionDefinition): boolean {
  return someNode(body, ({ kind }) => kind === 'try-except');
}

/** The MDL describes memory of the driver that is always there: a global, nonpaged pool, its own stack. */
function isKernelMemory(state: State, mdl: Value | undefined): boolean {
  const base = mdl === undefined ? undefined : state.kernel.blocks.get(mdl.key)?.base;
  if (base === undefined) return false;
  const root = placeAt(base)?.root;
  if (root === undefined || root.kind !== 'pointee') return root !== undefined;
  const block = blockBehind(state.kernel, base);
  return block !== undefined && block.kind === 'pool' && !block.isPaged;
}

/** Somebody calls it inside `__try`, by its name or through a pointer that may be to it, or calls somebody who calls it. */
function isCalledInsideTry(session: Session, callee: FunctionInfo): boolean {
  const users = session.functions.filter(({ isUsers }) => isUsers);
  const seen = new Set([callee]);
  for (const target of seen) {
    const isPointedTo = isHandedOn(session, target) && !systems.test(roleOf(session, target) ?? '');
    for (const fn of users) {
      const uses: readonly TreeNode[] = [
        ...nodesIn(fn.definition, 'name').filter((node) => functionOf(session, node) === target),
        ...(isPointedTo ? nodesIn(fn.definition, 'call').filter((call) => mayCallThroughPointer(call, target)) : []),
      ];
      if (uses.some((node) => isInsideTry(fn.definition, node))) return true;
      if (uses.length > 0) seen.add(fn);
    }
  }
  return false;
}

/** Roles whose callers are not in the driver. */
const systems = /^(?:DRIVER_|IO_|WSK_|NPI_|K\w+_ROUTINE$)/;

function functionOf(session: Session, { symbol }: NameExpression): FunctionInfo | undefined {
  return symbol.kind === 'function' ? session.functionOf(symbol) : undefined;
}

/** A call through a pointer of the driver's own to a function that takes as much. */
function mayCallThroughPointer(call: CallExpression, { definition }: FunctionInfo): boolean {
  return functionNamed(call.callee) === undefined && call.arguments.length === definition.parameters.length;
}
