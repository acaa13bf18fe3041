/**
 * What holds where a function begins. In: the function. Out: a state with its parameters, what its role gives it and, where
 * it is the driver's first, memory as the loader leaves it.
 */
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { roleOf } from '../../driver/roles.ts';
import { noteArgument } from '../calls/blocks.ts';
import { currentLevel } from '../calls/demands.ts';
import { unknownIrp } from '../facts/irp.ts';
import { newBlock } from '../facts/new-block.ts';
import { emptyState, narrow, type State } from '../state/state.ts';
import { whereOf } from '../state/where.ts';
import { NOT_ZERO } from '../values/ranges.ts';
import { parameterValue } from '../values/values.ts';
import type { FunctionInfo, Session } from './session.ts';

export function entryState(session: Session, fn: FunctionInfo): State {
  const state = emptyState();
  const { parameters } = fn.definition;
  currentLevel(state);
  // A completion routine is given an IRP, always; a dispatch routine a device too.
  const isCompletion = isCompletionRoutine(fn);
  const isDispatch =
    parameters[1] !== undefined && isIrpPointer(parameters[1].type) && roleOf(session, fn) === 'DRIVER_DISPATCH';
  const role = roleOf(session, fn);
  const nullable = nullableArgument(role);
  const request = requestArgument(role);
  if (fn.definition.symbol.name === 'DriverEntry') for (const key of zeroAtStart(session, fn)) state.zeroed.add(key);
  for (const [index, parameter] of parameters.entries()) {
    const value = parameterValue(index);
    const place = session.names.placeOf(parameter);
    state.cells.set(place.key, { place, value, size: Math.max(1, sizeOf(parameter.type)) });
    if ((index === 1 && isCompletion) || (index <= 1 && isDispatch)) narrow(state, value, NOT_ZERO);
    if (index === nullable) noteArgument(state, value, { isConnection: role === 'WSK_ACCEPT_EVENT' });
    if (index === request) {
      narrow(state, value, NOT_ZERO);
      state.kernel.blocks.set(value.key, newBlock('request', value, { api: 'KMDF', where: whereOf(fn.definition) }));
    }
    if (index === 1 && isDispatch)
      state.facts.set(value.key, {
        ...unknownIrp(value),
        origin: 'received',
        originWhere: whereOf(fn.definition),
        life: { kind: 'idle' },
        isPrepared: false,
        cancel: { kind: 'none' },
      });
  }
  return state;
}

/** Position of the request that KMDF gives to a callback for good: to complete it, to send it on or to keep it. */
function requestArgument(role: string | undefined): number | undefined {
  const isGiven =
    role !== undefined &&
    /^EVT_WDF_(?:IO_QUEUE_IO_(?:DEFAULT|READ|WRITE|(?:INTERNAL_)?DEVICE_CONTROL|CANCELED_ON_QUEUE)|DEVICE_FILE_CREATE)$/.test(
      role,
    );
  return isGiven ? 1 : undefined;
}

/** The globals of its file that hold zeros when the driver is loaded, and what may change at any time is none of them. */
function zeroAtStart({ names }: Session, { unit }: FunctionInfo): readonly string[] {
  return unit.declarations.flatMap((node) => {
    if (node.kind !== 'variable-declaration' || node.symbol.type.isVolatile === true) return [];
    const { symbol } = node;
    const isZero = symbol.duration === 'static' && symbol.definition !== undefined;
    return isZero && symbol.definition?.initializer === undefined ? [names.variable(symbol)] : [];
  });
}

/** Position of what WSK gives to an event callback, or NULL where the socket has failed. */
function nullableArgument(role: string | undefined): number | undefined {
  switch (role) {
    case 'WSK_ACCEPT_EVENT':
      return 4;
    case 'WSK_INSPECT_EVENT':
      return 3;
    case 'WSK_RECEIVE_EVENT':
    case 'WSK_RECEIVE_FROM_EVENT':
      return 2;
    default:
      return undefined;
  }
}

/** Takes (device object, IRP, context) and returns a status: what can stand as a completion routine. */
export function isCompletionRoutine({ definition }: FunctionInfo): boolean {
  const [, irp, context, more] = definition.parameters;
  if (irp === undefined || context === undefined || more !== undefined) return false;
  return isIrpPointer(irp.type) && context.type.kind === 'pointer' && definition.symbol.type.result.kind === 'integer';
}
