/**
 * One name for what the kernel keeps at an address (an event, a rundown reference): that of a member for all structures of
 * its type, that of a variable that lasts for itself. In: an expression. Out: its name, or that it has none.
 */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { isInUnion, memberRecord, recordKey } from '../body/record-type.ts';
import type { Session } from '../flow/run/session.ts';

/** The object whose address an argument is. */
export function objectAt(session: Session, argument: Expression | undefined): string | undefined {
  const address = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  return address?.kind === 'address-of' ? objectName(session, address.operand) : undefined;
}

export function objectName({ names }: Session, place: Expression): string | undefined {
  const e = stripConversions(place);
  if (e.kind === 'name' && e.symbol.kind === 'variable')
    return e.symbol.duration === 'static' ? names.variable(e.symbol) : LOCAL;
  if (e.kind !== 'member' || isInUnion(e)) return undefined;
  const record = memberRecord(e);
  return record.kind === 'record' ? `${recordKey(record.definition)}.${e.name}` : undefined;
}

/** One function's own: what becomes of it, its ways tell. */
export const LOCAL = 'local';
