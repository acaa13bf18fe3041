/**
 * Completion routines that tell nobody, by themselves or by helpers: they free what they have and write nothing that
 * lasts. Whoever waits for an event then waits for something else.
 */
import { memo } from '../../../base/memo.ts';
import type { FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { isLocalVariable, nodesIn, standsAlone } from '../body/nodes.ts';
import type { Session } from '../flow/run/session.ts';
import { calledFunction, calledName } from './callee.ts';

const plain =
  /^(?:IoFreeIrp|IoFreeMdl|MmUnlockPages|ExFreePool(?:WithTag|2)?|Dbg(?:Print|PrintEx)|vDbgPrintEx|Interlocked(?:In|De)crement(?:64)?)$/;

export function tellsNobody(session: Session, definition: FunctionDefinition): boolean {
  return silentIn(session)(definition);
}

/** A function of the kernel that tells nobody. */
export function isPlainCall(name: string): boolean {
  return plain.test(name);
}

const silentIn = memo((session: Session) =>
  memo((definition: FunctionDefinition) => isSilent(session, definition, new Set())),
);

function isSilent(session: Session, definition: FunctionDefinition, seen: Set<FunctionDefinition>): boolean {
  // A helper that calls itself has been looked into.
  if (seen.has(definition)) return true;
  seen.add(definition);
  return (
    nodesIn(definition, 'call').every((call) => {
      const name = calledName(call) ?? '';
      // A number that is only counted tells nobody that it has changed.
      if (plain.test(name)) return !name.startsWith('Interlocked') || standsAlone(definition, call);
      const helper = calledFunction(session, call);
      return helper?.isUsers === true && isSilent(session, helper.definition, seen);
    }) && nodesIn(definition, 'assign').every(({ target }) => isLocalVariable(target))
  );
}
