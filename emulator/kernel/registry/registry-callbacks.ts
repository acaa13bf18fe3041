/**
 * Registry operations of Zw functions, as filters of the registry see them: each filter is asked before, from the highest
 * altitude down, and told after, from the lowest up. A filter's error before ends the operation, and
 * STATUS_CALLBACK_BYPASS says that the filter has done it itself. Without a filter an operation is what it is alone.
 */
import { Bug } from '../../../base/assert.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns } from '../../machine/native.ts';
import { freeArguments, savedArguments } from '../ke/saved-arguments.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api, ContinuationTable, Kernel, StructView } from '../kernel-types.ts';
import { closeHandle, handleHere, handleObject } from '../ob/handles.ts';
import { objectAt } from '../ob/objects.ts';
import { STATUS_CALLBACK_BYPASS, STATUS_INSUFFICIENT_RESOURCES } from '../statuses.ts';
import { registryApis } from './registry.ts';
import { registryEnumerationApis } from './registry-enumeration.ts';
import { cleanUp, notesAt, type RegistryFilter, registryFilters } from './registry-filters.ts';
import { endRegistryWatches } from './registry-watches.ts';

/** How an operation is told: classes before and after, the structure, and which argument each member is. */
interface Operation {
  readonly before: string;
  readonly after: string;
  readonly type: string;
  /** Members by the index of their argument; 0 is the key's handle, whose object stands in Object. */
  readonly members: Readonly<Record<string, number>>;
}

const operations: Readonly<Record<string, Operation>> = {
  ZwCreateKey: {
    before: 'RegNtPreCreateKeyEx',
    after: 'RegNtPostCreateKeyEx',
    type: 'REG_CREATE_KEY_INFORMATION_V1',
    members: { DesiredAccess: 1, Class: 4, Options: 5, Disposition: 6 },
  },
  ZwOpenKey: {
    before: 'RegNtPreOpenKeyEx',
    after: 'RegNtPostOpenKeyEx',
    type: 'REG_CREATE_KEY_INFORMATION_V1',
    members: { DesiredAccess: 1 },
  },
  ZwDeleteKey: {
    before: 'RegNtPreDeleteKey',
    after: 'RegNtPostDeleteKey',
    type: 'REG_DELETE_KEY_INFORMATION',
    members: {},
  },
  ZwSetValueKey: {
    before: 'RegNtPreSetValueKey',
    after: 'RegNtPostSetValueKey',
    type: 'REG_SET_VALUE_KEY_INFORMATION',
    members: { ValueName: 1, TitleIndex: 2, Type: 3, Data: 4, DataSize: 5 },
  },
  ZwDeleteValueKey: {
    before: 'RegNtPreDeleteValueKey',
    after: 'RegNtPostDeleteValueKey',
    type: 'REG_DELETE_VALUE_KEY_INFORMATION',
    members: { ValueName: 1 },
  },
  ZwQueryValueKey: {
    before: 'RegNtPreQueryValueKey',
    after: 'RegNtPostQueryValueKey',
    type: 'REG_QUERY_VALUE_KEY_INFORMATION',
    members: { ValueName: 1, KeyValueInformationClass: 2, KeyValueInformation: 3, Length: 4, ResultLength: 5 },
  },
  ZwEnumerateKey: {
    before: 'RegNtPreEnumerateKey',
    after: 'RegNtPostEnumerateKey',
    type: 'REG_ENUMERATE_KEY_INFORMATION',
    members: { Index: 1, KeyInformationClass: 2, KeyInformation: 3, Length: 4, ResultLength: 5 },
  },
  ZwEnumerateValueKey: {
    before: 'RegNtPreEnumerateValueKey',
    after: 'RegNtPostEnumerateValueKey',
    type: 'REG_ENUMERATE_VALUE_KEY_INFORMATION',
    members: { Index: 1, KeyValueInformationClass: 2, KeyValueInformation: 3, Length: 4, ResultLength: 5 },
  },
  ZwQueryKey: {
    before: 'RegNtPreQueryKey',
    after: 'RegNtPostQueryKey',
    type: 'REG_QUERY_KEY_INFORMATION',
    members: { KeyInformationClass: 1, KeyInformation: 2, Length: 3, ResultLength: 4 },
  },
  ZwClose: {
    before: 'RegNtPreKeyHandleClose',
    after: 'RegNtPostKeyHandleClose',
    type: 'REG_KEY_HANDLE_CLOSE_INFORMATION',
    members: {},
  },
};

const performers: Readonly<Record<string, Api>> = {
  ...registryApis,
  ...registryEnumerationApis,
  ZwClose: (kernel, { arguments: args }) => {
    closeHandle(kernel, args.uint64(0));
    endRegistryWatches(kernel);
    return returns(0);
  },
};

export const watchedRegistryApis = {
  ZwCreateKey: (kernel, call) => watch(kernel, call),
  ZwOpenKey: (kernel, call) => watch(kernel, call),
  ZwDeleteKey: (kernel, call) => watch(kernel, call),
  ZwSetValueKey: (kernel, call) => watch(kernel, call),
  ZwDeleteValueKey: (kernel, call) => watch(kernel, call),
  ZwQueryValueKey: (kernel, call) => watch(kernel, call),
  ZwEnumerateKey: (kernel, call) => watch(kernel, call),
  ZwEnumerateValueKey: (kernel, call) => watch(kernel, call),
  ZwQueryKey: (kernel, call) => watch(kernel, call),
} satisfies KernelApis;

/** ZwClose of a key's handle that a filter hears of; undefined for any other. */
export function closeWatchedKey(kernel: Kernel, call: NativeCall): NativeResult | undefined {
  const object = handleHere(kernel, call.arguments.uint64(0))?.object;
  if (object === undefined || objectAt(kernel, object)?.type !== 'key') return undefined;
  return registryFilters(kernel).length === 0 ? undefined : watch(kernel, { ...call, name: 'ZwClose' });
}

interface WatchState {
  readonly name: string;
  readonly values: readonly bigint[];
  /** Those that have been asked and agreed, the latest last, each with its CallContext. */
  readonly asked: readonly { readonly filter: RegistryFilter; readonly callContext: bigint }[];
  readonly left: readonly RegistryFilter[];
  readonly info: GuestAddress;
  readonly object: GuestAddress;
}

interface ToldState {
  readonly asked: WatchState['asked'];
  readonly name: string;
  readonly info: GuestAddress;
  readonly post: GuestAddress;
  readonly object: GuestAddress;
  readonly status: number;
  /** What Windows says to the caller, where it is not what came of the operation. */
  readonly cleanUps: ReturnType<typeof notesAt>;
}

export const registryCallbackContinuations = {
  'cm.asked': (kernel, _thread, given, value) => {
    const state = given as unknown as WatchState;
    const [filter, ...left] = state.left;
    if (filter === undefined) throw new Bug('a filter has answered that was not asked');
    const status = Number(BigInt.asIntN(32, value));
    if (status === STATUS_CALLBACK_BYPASS) return tell(kernel, toldState(kernel, state, 0));
    if (status < 0) return tell(kernel, toldState(kernel, state, status));
    const callContext = kernel.view(operationOf(state.name).type, state.info).get('CallContext');
    return ask(kernel, { ...state, left, asked: [...state.asked, { filter, callContext }] });
  },
  'cm.told': (kernel, _thread, given, value) => {
    const state = given as unknown as ToldState;
    const { post } = state;
    const isChanged = Number(BigInt.asIntN(32, value)) === STATUS_CALLBACK_BYPASS;
    const status = isChanged ? kernel.view(postType, post).getNumber('ReturnStatus') : state.status;
    return tell(kernel, { ...state, status });
  },
} satisfies ContinuationTable;

const postType = 'REG_POST_OPERATION_INFORMATION';

function operationOf(name: string): Operation {
  const operation = operations[name];
  if (operation === undefined) throw new Bug(`${name} is no operation of the registry`);
  return operation;
}

function performerOf(name: string): Api {
  const api = performers[name];
  if (api === undefined) throw new Bug(`${name} is no operation of the registry`);
  return api;
}

function watch(kernel: Kernel, call: NativeCall): NativeResult {
  const filters = registryFilters(kernel);
  const operation = operationOf(call.name);
  const isOpening = 'DesiredAccess' in operation.members;
  const object = isOpening ? NULL_ADDRESS : (handleObject(kernel, call.arguments.uint64(0)) ?? NULL_ADDRESS);
  // A handle that is no key's never gets as far as the filters.
  if (filters.length === 0 || (!isOpening && objectAt(kernel, object)?.type !== 'key'))
    return performerOf(call.name)(kernel, call);
  const { type, members } = operation;
  const size = kernel.types.sizeOf(type);
  const postSize = kernel.types.sizeOf(postType);
  const region = kernel.memory.allocate({ size: size + postSize, kind: 'object', label: type });
  if (region === undefined) return returns(STATUS_INSUFFICIENT_RESOURCES);
  const view = kernel.view(type, region.start);
  for (const [member, index] of Object.entries(members)) view.set(member, call.arguments.uint64(index));
  if (isOpening) fillOpening(kernel, view, call.arguments.pointer(2));
  else view.set('Object', object);
  const values = savedArguments(call);
  return ask(kernel, { name: call.name, values, asked: [], left: filters, info: region.start, object });
}

function fillOpening(kernel: Kernel, view: StructView, attributes: GuestAddress): void {
  const given = kernel.view('OBJECT_ATTRIBUTES', attributes);
  view.set('CompleteName', given.get('ObjectName'));
  view.set('RemainingName', given.get('ObjectName'));
  view.set('RootObject', handleObject(kernel, given.get('RootDirectory')) ?? 0n);
  view.set('SecurityDescriptor', given.get('SecurityDescriptor'));
  view.set('SecurityQualityOfService', given.get('SecurityQualityOfService'));
  view.set('Attributes', given.get('Attributes'));
  view.set('Version', 1);
}

function ask(kernel: Kernel, state: WatchState): NativeResult {
  const [filter] = state.left;
  const { type, before } = operationOf(state.name);
  if (filter === undefined) return perform(kernel, state);
  const view = kernel.view(type, state.info);
  const isOpening = state.object === 0n;
  const noted = isOpening ? view.getPointer('RootObject') : state.object;
  view.set('CallContext', 0);
  view.set(isOpening ? 'RootObjectContext' : 'ObjectContext', filter.contexts.get(noted) ?? 0n);
  return callFilter(kernel, filter, before, state.info, 'cm.asked', { ...state });
}

function perform(kernel: Kernel, state: WatchState): NativeResult {
  const args = freeArguments(state.values);
  const isLast = state.name === 'ZwClose' && (objectAt(kernel, state.object)?.references ?? 0) <= 1;
  const cleanUps = isLast ? notesAt(kernel, state.object) : [];
  const thread = kernel.current;
  if (thread === undefined) throw new Bug('a registry operation has a thread');
  const site = { span: undefined, functionName: undefined };
  const result = performerOf(state.name)(kernel, { thread, name: state.name, arguments: args, site });
  if (result.kind !== 'return') return result;
  const status = Number(BigInt.asIntN(32, BigInt(result.value ?? 0)));
  return tell(kernel, { ...toldState(kernel, state, status), cleanUps });
}

function toldState(kernel: Kernel, state: WatchState, status: number): ToldState {
  const { name, asked, info } = state;
  const isOpened = state.object === 0n && status >= 0;
  const opened = isOpened ? handleObject(kernel, kernel.memory.readU64(state.values[0] as GuestAddress)) : undefined;
  const post = (info + BigInt(kernel.types.sizeOf(operationOf(name).type))) as GuestAddress;
  return { name, asked, info, post, object: opened ?? state.object, status, cleanUps: [] };
}

function tell(kernel: Kernel, state: ToldState): NativeResult {
  const last = state.asked.at(-1);
  if (last === undefined) {
    const region = kernel.memory.regionAt(state.info);
    if (region !== undefined && !region.isFreed) kernel.memory.free(region);
    return cleanUp(kernel, state.cleanUps, { name: 'kernel.return', state: { value: state.status } });
  }
  const view = kernel.view(postType, state.post);
  view.set('Object', state.name === 'ZwClose' ? 0n : state.object);
  view.set('Status', state.status);
  view.set('PreInformation', state.info);
  view.set('ReturnStatus', state.status);
  view.set('CallContext', last.callContext);
  view.set('ObjectContext', last.filter.contexts.get(state.object) ?? 0n);
  const rest = { ...state, asked: state.asked.slice(0, -1) };
  return callFilter(kernel, last.filter, operationOf(state.name).after, state.post, 'cm.told', rest);
}

function callFilter(
  kernel: Kernel,
  filter: RegistryFilter,
  kind: string,
  info: GuestAddress,
  then: 'cm.asked' | 'cm.told',
  state: Readonly<Record<string, unknown>>,
): NativeResult {
  return {
    kind: 'call',
    target: filter.routine,
    arguments: [filter.context, BigInt(kernel.types.constant(kind)), info],
    frameLabel: 'CmpCallCallBacks',
    then: { name: then, state },
  };
}
