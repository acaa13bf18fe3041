/** How findings name what is done to an IRP, and the steps that led to where it is. */
import type { PathStep } from '../../../base/finding.ts';
import type { FlowEvent } from '../flow/facts/events.ts';
import type { IrpFact } from '../flow/facts/irp.ts';
import { pathTo } from '../flow/state/where.ts';

/** "freed", "given to WskSend". */
export function done(event: FlowEvent): string {
  switch (event.kind) {
    case 'free':
      return 'freed';
    case 'reuse':
      return 'reused';
    case 'send':
      return `given to ${event.api}`;
    case 'complete':
      return 'completed';
    case 'set-routine':
      return 'given another completion routine';
    default:
      return 'used';
  }
}

/** Where the IRP came from, where it got its routine, and where it was sent, as far as that is known. */
export function storyOf({ origin, originWhere, routine, life, built }: IrpFact): readonly PathStep[] {
  const made =
    origin === 'received'
      ? 'The dispatch routine gets the IRP here'
      : built === undefined
        ? 'The IRP is allocated or reused here'
        : `${built.api} makes the IRP here`;
  return [
    ...(originWhere === undefined || origin === 'received' ? [] : pathTo(originWhere, made)),
    ...(routine.kind === 'set' ? pathTo(routine.where, 'It gets its completion routine here') : []),
    ...(life.kind === 'sent' ? pathTo(life.where, `${life.api} takes it here`) : []),
    ...(life.kind === 'completed' ? pathTo(life.where, 'It is completed here') : []),
    ...(life.kind === 'freed' ? pathTo(life.where, 'It is freed here') : []),
  ];
}

const statuses: Readonly<Record<string, string>> = {
  0: 'STATUS_SUCCESS',
  259: 'STATUS_PENDING',
  3221225473: 'STATUS_UNSUCCESSFUL',
  3221225485: 'STATUS_INVALID_PARAMETER',
  3221225488: 'STATUS_INVALID_DEVICE_REQUEST',
  3221225494: 'STATUS_MORE_PROCESSING_REQUIRED',
  3221225506: 'STATUS_ACCESS_DENIED',
  3221225507: 'STATUS_BUFFER_TOO_SMALL',
  3221225626: 'STATUS_INSUFFICIENT_RESOURCES',
  3221225659: 'STATUS_NOT_SUPPORTED',
  3221225760: 'STATUS_CANCELLED',
};

/** Flags as people write them. */
export function bitsText(value: bigint): string {
  return `0x${BigInt.asUintN(32, value).toString(16)}`;
}

/** A status by its name where it is a common one, otherwise by its number. */
export function statusText(value: bigint): string {
  const code = BigInt.asUintN(32, value);
  return statuses[String(code)] ?? `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;
}
