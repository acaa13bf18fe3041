/**
 * Events in variables that last (`static KEVENT Done;`) which a whole driver makes and waits for, itself or by helpers, and
 * does nothing else with: no call gets their address that could set them, and it is stored nowhere. In: the driver. Out: its
 * waits for them.
 */
import { memo } from '../../../../base/memo.ts';
import type {
  CallExpression,
  CSymbol,
  Expression,
  FunctionDefinition,
  VariableSymbol,
} from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { ownDeclarations } from '../../body/own-declarations.ts';
import { isRecord } from '../../body/record-type.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { givenTo } from '../../driver/handed-on.ts';
import { callsOf } from '../../driver/roles.ts';
import type { Session } from '../../flow/run/session.ts';

const WAIT = 'KeWaitForSingleObject';
const MAKE = 'KeInitializeEvent';
const quiet = [MAKE, 'KeClearEvent', 'KeResetEvent', 'KeReadStateEvent', WAIT];

/** Waits without limit for an event that is made unsignalled and never set. */
export function endlessWaits(session: Session): readonly CallExpression[] {
  if (callsOf(session, WAIT).length === 0 || !hasOwnEvents(session)) return [];
  const waits: { readonly call: CallExpression; readonly event: VariableSymbol }[] = [];
  const told = new Set<VariableSymbol>();
  for (const declaration of session.units.flatMap(({ declarations }) => declarations))
    if (declaration.kind === 'variable-declaration')
      walk(declaration, (node) => {
        if (node.kind === 'name' && node.symbol.kind === 'variable') told.add(node.symbol);
      });
  for (const { definition, isUsers } of session.functions) {
    if (!isUsers) continue;
    const left = new Map<VariableSymbol, number>();
    for (const { symbol } of nodesIn(definition, 'name'))
      if (symbol.kind === 'variable' && symbol.duration === 'static') left.set(symbol, (left.get(symbol) ?? 0) + 1);
    for (const call of nodesIn(definition, 'call')) {
      const use = quietUse(session, call);
      if (use === undefined) continue;
      const { event, api } = use;
      left.set(event, (left.get(event) ?? 0) - 1);
      if (api === MAKE && !isZero(session, call, api, 2)) told.add(event);
      // No alert and no time limit ends it.
      if (api === WAIT && [3, 4].every((position) => isZero(session, call, api, position))) waits.push({ call, event });
    }
    for (const [event, mentions] of left) if (mentions > 0) told.add(event);
  }
  return waits.flatMap(({ call, event }) => (told.has(event) ? [] : [call]));
}

/** Most drivers have no such variable, and then nobody looks at their calls. */
function hasOwnEvents({ functions, units }: Session): boolean {
  return (
    units.some((unit) => ownDeclarations(unit).some((node) => 'symbol' in node && isOwnEvent(node.symbol))) ||
    functions.some(({ isUsers, definition }) => isUsers && hasOwnEvent(definition))
  );
}

const hasOwnEvent = memo((definition: FunctionDefinition): boolean =>
  nodesIn(definition, 'variable-declaration').some(({ symbol }) => isOwnEvent(symbol)),
);

/** The call gives the address of such a variable to one of the quiet functions, and a helper to nothing else. */
function quietUse(
  session: Session,
  call: CallExpression,
): { readonly event: VariableSymbol; readonly api: string } | undefined {
  for (const api of quiet) {
    const given = givenTo(session, call, api, 0);
    const event = variableAt(given);
    if (event !== undefined && (calledName(call) === api || isOnlyUse(session, call, given))) return { event, api };
  }
  return undefined;
}

/** The helper that is called names its parameter once. */
function isOnlyUse(session: Session, call: CallExpression, given: Expression | undefined): boolean {
  const helper = calledFunction(session, call)?.definition;
  const parameter = given === undefined ? undefined : helper?.parameters[call.arguments.indexOf(given)];
  return (
    helper !== undefined &&
    parameter !== undefined &&
    nodesIn(helper, 'name').filter(({ symbol }) => symbol === parameter).length === 1
  );
}

/** The event of one file whose address an argument is. */
function variableAt(argument: Expression | undefined): VariableSymbol | undefined {
  const address = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  const e = address?.kind === 'address-of' ? stripConversions(address.operand) : undefined;
  if (e?.kind !== 'name' || e.symbol.kind !== 'variable') return undefined;
  return isOwnEvent(e.symbol) ? e.symbol : undefined;
}

/** It lasts, and no other file can name it. */
function isOwnEvent(symbol: CSymbol): boolean {
  return (
    symbol.kind === 'variable' &&
    symbol.duration === 'static' &&
    symbol.linkage !== 'external' &&
    isRecord(symbol.type, '_KEVENT')
  );
}

/** What the function gets at the position is FALSE or NULL, as the call says it or a helper by itself. */
function isZero(session: Session, call: CallExpression, api: string, position: number): boolean {
  const given = givenTo(session, call, api, position);
  if (given !== undefined) return constantValue(stripConversions(given, { casts: true })) === 0n;
  const helper = calledFunction(session, call)?.definition;
  const inner = helper === undefined ? [] : nodesIn(helper, 'call').filter((one) => calledName(one) === api);
  return inner.length > 0 && inner.every((one) => isZero(session, one, api, position));
}
