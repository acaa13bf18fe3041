/**
 * Whether a helper that waits may know how that ended which it waited for: it looks at some status itself, or calls
 * what does. One that is given nothing but the event knows no more than that the wait is over.
 */
import { memo } from '../../../../base/memo.ts';
import type { FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodesIn } from '../../body/nodes.ts';
import { functionNamed } from '../../driver/roles.ts';
import type { Session } from '../run/session.ts';

export function mayHearStatus(session: Session, definition: FunctionDefinition): boolean {
  return hearingIn(session)(definition);
}

const hearingIn = memo((session: Session) =>
  memo((definition: FunctionDefinition) => mayHear(session, definition, new Set())),
);

function mayHear(session: Session, definition: FunctionDefinition, seen: Set<FunctionDefinition>): boolean {
  // A helper that calls itself has been looked into.
  if (seen.has(definition)) return false;
  seen.add(definition);
  if (nodesIn(definition, 'member').some(({ name }) => name === 'Status' || name === 'IoStatus')) return true;
  return nodesIn(definition, 'call').some((call) => {
    const symbol = functionNamed(call.callee);
    const called = symbol === undefined ? undefined : session.functionOf(symbol);
    if (called !== undefined) return called.isUsers && mayHear(session, called.definition, seen);
    return symbol === undefined || !session.isKnownApi(symbol);
  });
}
