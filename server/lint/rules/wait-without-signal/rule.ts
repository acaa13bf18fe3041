/**
 * A wait without limit is for an event that somebody sets. Sure of an event on the function's own stack whose address
 * nobody has but the completion routine of an IRP that is in flight, or nobody at all; and of one that lies elsewhere,
 * where that routine is the only function of the driver that sets events; and of a variable that a whole driver only
 * makes and waits for.
 *
 * Such an event is noted when it is initialised, and forgotten with the first call that might do more with it than wait.
 */

import { nodesIn } from '../../body/nodes.ts';
import { isUnknownCall } from '../../driver/callee.ts';
import { isWholeDriver, mayCall } from '../../driver/reach.ts';
import { callsOf, functionNamed } from '../../driver/roles.ts';
import { recognise } from '../../flow/calls/recognise.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { isNull, rangeOf, resolve, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey, type Where, whereOf } from '../../flow/state/where.ts';
import { contains, single } from '../../flow/values/ranges.ts';
import { ANYTHING, type Place, placeAt, type Value } from '../../flow/values/values.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { waitsForNeverSet } from './never-set.ts';
import { endlessWaits } from './quiet-variables.ts';
import { neverSets, setsOnlyIf } from './signals.ts';

const MARK = 'quiet@';
const leavesAlone =
  /^(?:IoSetCompletionRoutine|KeWaitForSingleObject|KeInitializeEvent|Ke(?:Clear|Reset)Event|KeReadStateEvent|Dbg)/;
/** What has another thread or a DPC go on, which may send a request that lies where it finds it. */
const starters = [
  ...['ExQueueWorkItem', 'IoQueueWorkItem', 'IoQueueWorkItemEx', 'PsCreateSystemThread', 'KeInsertQueueDpc'],
  ...['KeSetTimer', 'KeSetTimerEx', 'KeSetCoalescableTimer', 'ExSetTimer', 'KeReleaseSemaphore', 'KeReleaseMutex'],
  ...['KeInsertQueue', 'NtSetEvent', 'ZwSetEvent', 'IoStartPacket', 'IoCsqInsertIrp', 'IoCsqInsertIrpEx'],
];
const setters = ['KeSetEvent', 'KePulseEvent', 'KeSetEventBoostPriority'];

export const waitWithoutSignal: Rule = {
  id: 'wait-without-signal',
  severity: 'error',
  docRules: ['R94'],
  also: ['SDV SignalEventInCompletion', 'CWE-833'],
  summary: 'A wait without limit is for an event that somebody sets, however the call ends that was made before.',
  seesThroughHelpers: true,
  call: (call, context) => {
    const { marks } = context.state;
    if (call.api === 'KeInitializeEvent') noteEvent(call, context);
    else if (marks.size === 0) return;
    else if (call.api === 'KeWaitForSingleObject') noteWait(call, context);
    else if (!leavesAlone.test(call.api))
      for (const mark of [...marks].filter((one) => one.startsWith(MARK)))
        if (call.arguments.some((value) => leadsTo(context.state, value, mark))) marks.delete(mark);
  },
  finish: ({ session, report }) => {
    for (const call of endlessWaits(session))
      report({
        where: whereOf(call, call.arguments),
        message:
          'Nobody sets this event: the driver makes it and waits for it, and gives its address to nothing else, so that the wait never ends.',
        path: [],
        when: () => isWholeDriver(session),
      });
    if (isWholeDriver(session))
      for (const call of waitsForNeverSet(session))
        report({
          where: whereOf(call, call.arguments),
          message: 'Nothing in the driver sets this event, so that the wait never ends.',
          path: [],
        });
  },
};

function noteEvent({ arguments: [object, , isSet] }: ApiCall, { state }: CheckContext): void {
  const place = placeAt(resolve(state, object ?? ANYTHING));
  if (place === undefined) return;
  if (isSet !== undefined && isNull(state, isSet)) state.marks.add(MARK + place.key);
  else state.marks.delete(MARK + place.key);
}

function noteWait({ arguments: [object, , , alertable, limit], where }: ApiCall, context: CheckContext): void {
  const { state } = context;
  const place = placeAt(resolve(state, object ?? ANYTHING));
  if (place === undefined || !state.marks.has(MARK + place.key)) return;
  if ([alertable, limit].every((value) => value !== undefined && isNull(state, value)))
    checkWait(place, where, context);
}

/** Into the local in which the event of the mark lies. */
function leadsTo(state: State, value: Value, mark: string): boolean {
  const root = placeAt(resolve(state, value))?.root;
  return root?.kind === 'local' && mark.startsWith(MARK + root.key);
}

function checkWait(event: Place, where: Where, { state, fn, session, report }: CheckContext): void {
  const isOwn = event.root.kind === 'local';
  if (isOwn && isStored(state, event)) return;
  const facts = [...state.facts.values()].filter(({ routine }) => {
    const context = routine.kind === 'set' ? placeAt(routine.context) : undefined;
    return context !== undefined && (isOwn ? context.root.key === event.root.key : context.key === event.key);
  });
  if (facts.length === 0) {
    if (!isOwn) return;
    // Where nothing was begun there is nothing to wait for: whoever writes that has something else in mind.
    const isBegun = [...state.facts.values()].some(({ life }) => life.kind === 'sent');
    if (!isBegun || state.shared.has(event.root.key)) return;
    report({
      where,
      message: 'Nobody but this function has the address of the event, and it does not set it: the wait never ends.',
      path: pathTo(where, 'It waits here, without a limit'),
      once: `nobody ${siteKey(where)}`,
      when: () => setsNone(session, fn),
    });
    return;
  }
  for (const { routine, life, isQueued } of facts) {
    if (routine.kind === 'set' && life.kind === 'idle' && isOwn && !isQueued && facts.length === 1) {
      report({
        where,
        message:
          'The completion routine of a request has the address of the event, and that request was not sent: nobody sets the event, and the wait never ends.',
        path: [
          ...pathTo(routine.where, 'The request gets its completion routine'),
          ...pathTo(where, 'It waits here, without a limit'),
        ],
        once: `unsent ${siteKey(where)}`,
        when: () => callsNone(session, fn, [...setters, ...starters]),
      });
    }
    if (routine.kind !== 'set' || routine.value.kind !== 'function' || life.kind !== 'sent') return;
    const info = session.functionOf(routine.value.symbol);
    const result = rangeOf(state, life.result);
    if (info === undefined || facts.length > 1) return;
    const { definition } = info;
    const { name } = definition.symbol;
    const path = [
      ...pathTo(routine.where, `${name} is its completion routine`),
      ...pathTo(life.where, `${life.api} is called here`),
      ...pathTo(where, 'It waits here, without a limit'),
    ];
    const at = bytesInto(event) - bytesInto(placeAt(routine.context));
    const isAlone = (): boolean => setsNone(session, fn) && (isOwn || isOnlySetter(session, info));
    report({
      where,
      message: `${name}, which alone has the address of the event, does not set it: the wait never ends.`,
      path,
      once: `silent ${siteKey(where)}`,
      when: () => neverSets(session, definition, at) && isAlone(),
    });
    if (single(result) !== STATUS_PENDING)
      report({
        where,
        message: `${name} sets the event only where PendingReturned is TRUE, and this waits for it also where ${life.api} did not return STATUS_PENDING: then the request is done, nobody sets the event, and the wait never ends.`,
        path,
        once: `pending ${siteKey(where)}`,
        when: () => setsOnlyIf(session, definition) === 'pending' && isAlone(),
      });
    if (contains(result, STATUS_PENDING))
      report({
        where,
        message: `${name} sets the event only where the request ended in some ways, and this waits for it however that ends: where it ends in another one, nobody sets the event, and the wait never ends.`,
        path,
        once: `status ${siteKey(where)}`,
        when: () => setsOnlyIf(session, definition) === 'status' && isAlone(),
      });
  }
}

/** No other function of a whole driver sets any event: none that lies where others find it, either. */
function isOnlySetter(session: Session, { definition }: FunctionInfo): boolean {
  const own = nodesIn(definition, 'call');
  return isWholeDriver(session) && setters.every((name) => callsOf(session, name).every((call) => own.includes(call)));
}

/** From the start of its object; a place in an array counts as its start. */
function bytesInto(place: Place | undefined): number {
  const [step] = place?.steps ?? [];
  return step?.kind === 'offset' ? step.bytes : 0;
}

/** Its address lies in a record, or where others find it. */
function isStored(state: State, { root }: Place): boolean {
  return [...state.cells.values()].some(
    ({ place, value }) =>
      placeAt(value)?.root.key === root.key &&
      !(place.root.kind === 'local' && place.root.variable.type.kind === 'pointer'),
  );
}

/** Neither the function nor a helper that it calls sets events, and it calls nobody who is not known. */
function setsNone(session: Session, fn: FunctionInfo): boolean {
  return callsNone(session, fn, setters);
}

function callsNone(session: Session, { definition }: FunctionInfo, apis: readonly string[]): boolean {
  return nodesIn(definition, 'call').every((call) => {
    const symbol = functionNamed(call.callee);
    const helper = symbol === undefined ? undefined : session.functionOf(symbol);
    if (helper?.isUsers === true) return !mayCall(session, helper, apis);
    if (symbol === undefined) return recognise(session, call, ANYTHING).kind === 'wsk';
    return !isUnknownCall(session, call) && !apis.includes(symbol.name);
  });
}
