/**
 * What a call tells: the rules hear of it at once, and callers of this function hear later of what hangs on what they
 * gave. In: the call and the state before it. Out: nothing but that; at most MAX_ASKS calls are kept for callers.
 */
import type { ApiFacts } from '../../../../catalog/model.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { holdsRecord } from '../../body/record-type.ts';
import type { ApiCall } from '../facts/events.ts';
import type { Run } from '../run/run.ts';
import type { State } from '../state/state.ts';
import { eventSite } from '../state/where.ts';
import { rangeKey } from '../values/ranges.ts';
import type { Value } from '../values/values.ts';
import { touchesMemory } from './apis.ts';
import { behindLocals } from './behind.ts';
import type { Call } from './call.ts';
import { calledType } from './recognise.ts';

export function tellCall(call: Call, state: State, api: string, facts: ApiFacts | undefined): void {
  const { run, expression, values, where } = call;
  const parameters = parameterNames(call, facts);
  const isWsk = facts !== undefined;
  tellRules(run, state, { api, isWsk, expression, arguments: values, parameters, where });
}

/** Tells the rules, and remembers for callers what depends on what they give. */
export function tellRules(run: Run, state: State, call: ApiCall): void {
  run.session.observer.call(call, state, run.fn);
  const { asks } = run.fn.told;
  const isTold = call.isWsk || TOLD.test(call.api) || fillsRegistration(call) || mayPromise(call) || fillsArray(call);
  if (!isTold || asks.size >= MAX_ASKS) return;
  const behind = call.behind ?? behindLocals(state, call.arguments);
  const values = [...call.arguments, ...behind.map(({ value }) => value)];
  const isThroughNpi = goesThroughNpi(call);
  if (!isThroughNpi && !values.some(isCallers)) return;
  // What is given from a global is what this way has found there.
  const isGiven = ({ key }: Value): boolean => values.some((value) => value.key === key);
  const conditions = [...state.ranges.values()].filter(
    ({ value }) => isCallers(value) || ((isThroughNpi || isGiven(value)) && isGlobals(value)),
  );
  const parts = [...values.map(({ key }) => key), ...conditions.map((c) => c.value.key + rangeKey(c.range))];
  asks.set(`${eventSite(call.where)} ${parts.join()}`, { call: { ...call, behind }, conditions });
}

/**
 * Of the kernel's functions those that callers hear of: what waits, what is given memory that the kernel keeps, and what
 * makes memory of a size and with a tag that they may have given.
 */
const TOLD =
  /^(?:KeWaitFor|ExAllocatePool|ObReferenceObjectByHandle$|IoBuildDeviceIoControlRequest$|KeSet(?:Coalescable)?Timer|KeInsertQueueDpc$|ExQueueWorkItem$|IoQueueWorkItem|ExInitialize(?:Resource|N?Paged|Lookaside))/;

/** A call through the provider NPI that no event tells of: whether that is released by then, callers know. */
function goesThroughNpi({ isWsk, api }: ApiCall): boolean {
  return isWsk && (api === 'WskFreeAddressInfo' || api === 'WskControlClient');
}

function isGlobals(value: Value): boolean {
  return value.kind === 'symbol' && value.source.kind === 'initial' && value.source.place.root.kind === 'global';
}

/** What wipes a block of WSK's, or copies one: whether it is registered by then, callers know. */
function fillsRegistration({ api, expression }: ApiCall): boolean {
  const [to] = expression.arguments;
  const type = to === undefined || !touchesMemory(api) ? undefined : stripConversions(to, { casts: true }).type;
  // What a helper of the driver's own wipes it may take for anything.
  return type?.kind === 'pointer' && (type.target.kind === 'void' || holdsRecord(type.target, '_WSK_REGISTRATION'));
}

/** What is copied into an array, as long as callers say. */
function fillsArray({ api, arguments: values, expression }: ApiCall): boolean {
  const [to] = expression.arguments;
  const count = values[2];
  if (!touchesMemory(api) || count === undefined || to === undefined || !isCallers(count)) return false;
  return stripConversions(to, { casts: true }).type.kind === 'array';
}

/** Its last argument says whether a wait follows at once, and callers say which. */
function mayPromise({ api, arguments: values }: ApiCall): boolean {
  const wait = values.at(-1);
  return PROMISING.test(api) && wait !== undefined && isCallers(wait);
}

const PROMISING = /^Ke(?:(?:Set|Pulse)Event|Release(?:Mutex|Semaphore))$/;

/** Calls of one function that its callers hear of. */
const MAX_ASKS = 16;

function isCallers({ key }: Value): boolean {
  return key.includes('<p');
}

/** The facts' names; those of the prototype where there are none. */
export function parameterNames({ expression, values }: Call, facts: ApiFacts | undefined): readonly string[] {
  const parameters = calledType(expression)?.parameters ?? [];
  return values.map((_, index) => facts?.parameters?.[index]?.name ?? parameters[index]?.name ?? '');
}
