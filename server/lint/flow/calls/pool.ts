/** Which memory the functions of the pool are asked for, by a type or by flags. */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue } from '../../../../cfront/parse/expressions/constants.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { question } from '../run/asked.ts';
import { ofNames, type Session } from '../run/session.ts';
import { resolve, type State } from '../state/state.ts';
import type { Value } from '../values/values.ts';

const POOL_FLAG_PAGED = 0x100n;
/** The bit of all types that are paged. */
const PAGED_POOL = 1n;

/** Memory of this type, or by these flags, can be paged out. */
export function isPagedPool(state: State, name: string, type: Value | undefined): boolean {
  const known = type === undefined ? undefined : resolve(state, type);
  return known?.kind === 'integer' && isPagedType(name, known.value);
}

/** The same of a call, as it stands there. */
export function isPagedCall(call: CallExpression): boolean {
  const [type] = call.arguments;
  const value = type === undefined ? undefined : constantValue(type);
  return value !== undefined && isPagedType(calledName(call) ?? '', value);
}

/** The same of a number that is known. */
export function isPagedType(name: string, type: bigint): boolean {
  return (type & (takesFlags(name) ? POOL_FLAG_PAGED : PAGED_POOL)) !== 0n;
}

/** They take POOL_FLAGS, and no POOL_TYPE. */
export function takesFlags(name: string): boolean {
  return name === 'ExAllocatePool2' || name === 'ExAllocatePool3';
}

/** Some function of the driver asks for paged pool: in most drivers none does that leaves it to others. */
export const asksForPaged = question(
  'paged',
  ofNames((session: Session): boolean =>
    session.functions.some(({ isUsers, definition }) => isUsers && asksHere(definition)),
  ),
);

export const asksHere = memo((definition: FunctionDefinition): boolean =>
  nodesIn(definition, 'call').some(
    (call) => calledName(call)?.startsWith('ExAllocatePool') === true && isPagedCall(call),
  ),
);
