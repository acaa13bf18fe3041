/**
 * Completion routines that tell nobody: they free what they have and write nothing that lasts. Whoever waits for an event
 * then waits for something else.
 */
import type { Expression, FunctionDefinition } from '../../cfront/parse/ast.ts';
import { stripConversions } from '../../cfront/parse/walk.ts';
import { calledName } from './callee.ts';
import { nodesIn } from './nodes.ts';

const plain =
  /^(?:IoFreeIrp|IoFreeMdl|MmUnlockPages|ExFreePool(?:WithTag|2)?|Dbg(?:Print|PrintEx)|vDbgPrintEx|Interlocked(?:In|De)crement(?:64)?)$/;

export function tellsNobody(definition: FunctionDefinition): boolean {
  return (
    nodesIn(definition, 'call').every((call) => {
      const name = calledName(call) ?? '';
      // A number that is only counted tells nobody that it has changed.
      return plain.test(name) && (!name.startsWith('Interlocked') || isUnread(definition, call));
    }) && nodesIn(definition, 'assign').every(({ target }) => isLocal(target))
  );
}

function isUnread(definition: FunctionDefinition, call: Expression): boolean {
  return nodesIn(definition, 'expression').some(
    ({ expression }) => stripConversions(expression, { casts: true }) === call,
  );
}

function isLocal(e: Expression): boolean {
  return e.kind === 'name' && e.symbol.kind === 'variable' && e.symbol.duration === 'automatic';
}
