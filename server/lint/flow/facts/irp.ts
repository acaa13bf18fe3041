/**
 * What is known of one IRP on a path, and how events change it.
 *
 * An IRP without a fact is one of which nothing is known; every unknown stays unknown, so that rules keep silent.
 */

import type { Where } from '../state/where.ts';
import type { Value } from '../values/values.ts';
import type { SocketKind } from './sockets.ts';

/**
 * Who it belongs to: made by IoAllocateIrp or IoReuseIrp'd (own), made by an IoBuild function, given to a dispatch
 * routine, or not known.
 */
export type Origin = 'own' | 'built' | 'received' | 'unknown';

export type Routine =
  | { readonly kind: 'unknown' }
  /** None was set since the IRP was allocated or reused. */
  | { readonly kind: 'none'; readonly reused?: Where }
  | { readonly kind: 'set'; readonly value: Value; readonly context: Value; readonly where: Where };

/** Its cancel routine, as far as this function set one or took it away. */
export type Cancel =
  | { readonly kind: 'unknown' }
  /** As a request comes from above, or from IoAllocateIrp: nobody has set one yet. */
  | { readonly kind: 'none' }
  | { readonly kind: 'set'; readonly routine: string; readonly where: Where }
  /** Taken away, without a look at whether it was there still and without a lock that would tell. */
  | { readonly kind: 'dropped'; readonly where: Where };

/** What its completion routine does with the IRP, where that is known for every path through it. */
export type Frees =
  | { readonly kind: 'always'; readonly where: Where; readonly routine: string }
  /** `keeps`: it puts the IRP where somebody may find it, to free it or to use it again. */
  | { readonly kind: 'never'; readonly reuses: boolean; readonly keeps: boolean }
  | { readonly kind: 'unknown' };

export type Life =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'sent';
      readonly api: string;
      readonly where: Where;
      /** What the call returned: other than STATUS_PENDING means that it has completed. */
      readonly result: Value;
      /** The function waited since. */
      readonly isWaited: boolean;
      /** A helper waited, and may have looked at the status, or have given it back by another name. */
      readonly isHelped: boolean;
      readonly frees: Frees;
      /** A request from above that no completion routine of this driver brings back. */
      readonly isGivenAway: boolean;
      /** Blocks (their keys) that the call goes on using until it is done: MDLs, and the memory behind them. */
      readonly memory: readonly string[];
      /** The socket whose address it brings in IoStatus.Information. */
      readonly makes: SocketKind | undefined;
    }
  /** IoCompleteRequest took it; `status` is what IoStatus.Status held. */
  | { readonly kind: 'completed'; readonly where: Where; readonly status: Value }
  | { readonly kind: 'freed'; readonly where: Where };

export interface IrpFact {
  readonly irp: Value;
  readonly origin: Origin;
  /** Where it was allocated, or reused for the first time. */
  readonly originWhere: Where | undefined;
  readonly routine: Routine;
  readonly life: Life;
  /** IoMarkIrpPending was called. */
  readonly isMarked: boolean;
  /** It was stored in memory other than plain locals: others may free it. */
  readonly isKept: boolean;
  /** By its ListEntry it was put where others find it. */
  readonly isQueued: boolean;
  /** The stack location of the driver below is set up, or may be. */
  readonly isPrepared: boolean;
  /** Where IoSkipCurrentIrpStackLocation gave the driver's own location to the driver below. */
  readonly givenUp: Where | undefined;
  readonly cancel: Cancel;
  /** Made by an IoBuild function: which, and the arguments behind which memory must last until it is done. */
  readonly built: { readonly api: string; readonly where: Where; readonly lasting: readonly Value[] } | undefined;
}

/** It went to another driver or to the I/O manager, or was freed. */
export function isGone(fact: IrpFact | undefined): boolean {
  return fact !== undefined && fact.life.kind !== 'unknown' && fact.life.kind !== 'idle';
}

export function unknownIrp(irp: Value): IrpFact {
  return {
    irp,
    origin: 'unknown',
    originWhere: undefined,
    routine: { kind: 'unknown' },
    life: { kind: 'unknown' },
    isMarked: false,
    isKept: false,
    isQueued: false,
    isPrepared: true,
    givenUp: undefined,
    cancel: { kind: 'unknown' },
    built: undefined,
  };
}

export function saysNothing({ origin, routine, life, isMarked, cancel }: IrpFact): boolean {
  if (origin !== 'unknown' || isMarked || cancel.kind !== 'unknown') return false;
  return routine.kind === 'unknown' && life.kind === 'unknown';
}

/** Two facts with one key are the same as far as rules can tell; where it happened is left out. */
export function factKey(fact: IrpFact): string {
  const { routine, life } = fact;
  const set = routine.kind === 'set' ? `${routine.value.key},${routine.context.key}` : routine.kind;
  const lived =
    life.kind === 'sent'
      ? `sent,${life.isWaited},${life.frees.kind},${life.result.key}`
      : life.kind === 'completed'
        ? `completed,${life.status.key}`
        : life.kind;
  const more = `${fact.isMarked}${fact.isKept}${fact.isQueued}${fact.isPrepared}${fact.givenUp !== undefined}${fact.cancel.kind}`;
  return `${fact.irp.key}:${fact.origin}/${set}/${lived}/${more}`;
}

/** What holds on both paths. */
export function joinFacts(a: IrpFact, b: IrpFact): IrpFact {
  if (factKey(a) === factKey(b)) return a;
  const isSameRoutine =
    a.routine.kind === b.routine.kind &&
    (a.routine.kind !== 'set' || (b.routine.kind === 'set' && a.routine.value.key === b.routine.value.key));
  const isSameLife = a.life.kind === b.life.kind && (a.life.kind === 'idle' || a.life.kind === 'freed');
  return {
    ...a,
    isMarked: a.isMarked && b.isMarked,
    isKept: a.isKept || b.isKept,
    isQueued: a.isQueued && b.isQueued,
    isPrepared: a.isPrepared || b.isPrepared,
    givenUp: b.givenUp === undefined ? undefined : a.givenUp,
    cancel: a.cancel.kind === b.cancel.kind ? a.cancel : { kind: 'unknown' },
    origin: a.origin === b.origin ? a.origin : 'unknown',
    routine: isSameRoutine ? a.routine : { kind: 'unknown' },
    life: isSameLife ? a.life : { kind: 'unknown' },
  };
}

/** Nothing is known any more, but whom it belongs to. */
export function forgotten(fact: IrpFact): IrpFact {
  return {
    ...fact,
    routine: { kind: 'unknown' },
    life: { kind: 'unknown' },
    isPrepared: true,
    givenUp: undefined,
    cancel: { kind: 'unknown' },
  };
}
