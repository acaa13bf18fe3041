/**
 * What is known on a path about the processor's level, locks, and what the driver has from the kernel: pool blocks,
 * MDLs, handles, references. The level itself lies in memory, in a cell of its own place, so that everything that
 * holds for values (conditions, joins, summaries) holds for it.
 *
 * Demands are what a function asks of its callers: that the level is not above some number, that a lock is not held.
 * They are kept for every way apart, and where ways meet only those that both have are kept: what callers are told is
 * asked for on every way that they can take.
 */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { SharedMap } from '../state/shared.ts';
import type { Where } from '../state/where.ts';
import { isMeaningful } from '../values/meaning.ts';
import { addressValue, makePlace, type Place, placeAt, type Value } from '../values/values.ts';

export const PASSIVE_LEVEL = 0;
export const APC_LEVEL = 1;
export const DISPATCH_LEVEL = 2;
/** That of a device, of which nothing is said but that it is above the others. */
export const DIRQL = 3;
export const HIGH_LEVEL = 15;

/** Where the level of the processor is kept. */
export const LEVEL_PLACE: Place = makePlace({ kind: 'processor', key: 'irql;' }, []);
export const LEVEL_ADDRESS: Value = addressValue(LEVEL_PLACE);
/** Stands for the system's cancel spin lock. */
export const CANCEL_LOCK: Value = addressValue(makePlace({ kind: 'processor', key: 'cancel-lock;' }, []));

export type LockKind =
  | 'spin'
  | 'shared-spin'
  | 'cancel'
  | 'fast-mutex'
  /** An ERESOURCE or a KMUTEX: its owner may take it again. */
  | 'resource'
  | 'mutex'
  | 'critical-region'
  | 'guarded-region'
  | 'remove-lock'
  /** A use of what somebody else may take down. */
  | 'rundown';

export interface Held {
  readonly lock: Value;
  readonly kind: LockKind;
  readonly api: string;
  readonly where: Where;
  /** The level before; undefined where taking the lock does not change it. */
  readonly saved: Value | undefined;
  /** The address of the KLOCK_QUEUE_HANDLE by which it is released, or a remove lock's tag. */
  readonly handle: Value | undefined;
}

/** A lock of a caller's that was released without having been taken here. */
export interface Released {
  readonly lock: Value;
  readonly kind: LockKind;
  readonly api: string;
  readonly where: Where;
  /** A KLOCK_QUEUE_HANDLE of a caller's, who knows which lock it took with it. */
  readonly handle?: Value;
  /** Ways were joined of which some have not released it. No caller has a name for it. */
  readonly isOnSomeWays?: true;
}

export type Demand =
  /** The level is `max` at most. `wait`: because the function waits; `paged`: because its code can be paged out. */
  | {
      readonly kind: 'level';
      readonly max: number;
      readonly reason: 'call' | 'wait' | 'paged';
      readonly api: string;
      readonly where: Where;
      /** It is asked only where this says so, which a caller gives: a time-out, a pointer to one, an IOCTL, a pool's type. */
      readonly hangsOn?: { readonly value: Value; readonly kind: 'time-out' | 'pointer' | 'code' | 'pool' };
    }
  /** The lock is not held. */
  | { readonly kind: 'lock-free'; readonly lock: Value; readonly api: string; readonly where: Where }
  /** No spin lock is held. */
  | { readonly kind: 'no-spin-lock'; readonly api: string; readonly where: Where }
  /** `lock` is taken while `outer` is held, of which one at least is a caller's: nobody takes them the other way round. */
  | {
      readonly kind: 'order';
      readonly outer: Held;
      readonly lock: Value;
      readonly api: string;
      readonly where: Where;
    }
  /** The memory cannot be paged out. */
  | { readonly kind: 'nonpaged'; readonly base: Value; readonly api: string; readonly where: Where };

export type BlockKind =
  | 'pool'
  /** Memory of a lookaside list. */
  | 'entry'
  /** Memory that a function has made for a string. */
  | 'string'
  | 'mdl'
  | 'handle'
  | 'reference'
  | 'work-item'
  /** Of this driver's, and kept by others where somebody else may have deleted it. */
  | 'device'
  /** What a device is attached to, which is its `base`. */
  | 'attachment'
  /** Where the memory of an MDL is mapped; it goes with the MDL. */
  | 'mapping'
  /** What WskGetAddressInfo found; its `base` is where it was put. */
  | 'address-list'
  /** Memory of a program, which was probed: others write to it at any time. */
  | 'user'
  /** What WSK gives to a callback, and may be NULL. */
  | 'argument'
  /** A request of KMDF, whose end is its completion. */
  | 'request'
  /** A buffer, an MDL or a memory object of such a request, which is its `base`, and with which it goes. */
  | 'lent'
  /** What a call of WSK has left in an IRP, which is a socket where it succeeded. */
  | 'socket';

/** Something that the driver has from the kernel and has to give back. */
export interface Freed {
  readonly api: string;
  readonly where: Where;
  readonly tag: bigint | undefined;
  /** The tag where it is no number here: a caller may know it. */
  readonly askedTag: Value | undefined;
  /** Somebody has asked before whether it is there, or knew. */
  readonly isAsked?: boolean;
  /** A routine that runs by itself does it, perhaps before the call that starts it returns. */
  readonly by?: FreeingRoutine;
}

export interface FreeingRoutine {
  readonly kind: 'completion routine' | 'thread' | 'work item routine';
  readonly routine: string;
  /** The call that was given the IRP, or the routine itself. */
  readonly started: string;
  /** It waits for nothing that its maker might do before. */
  readonly isAtOnce: boolean;
}

/**
 * Who can reach a block beside the function itself: because it is stored, queued, or given to a function that may keep it.
 * `callers`: all that has it is memory behind a parameter; whose that is, they know. `variables`: all that has it are the
 * driver's own variables that last. By an `mdl` alone: where that could not be made, nobody has the memory.
 */
export type KeptBy = 'nobody' | 'callers' | 'variables' | 'others' | { readonly mdl: Value };

export interface Block {
  readonly kind: BlockKind;
  readonly value: Value;
  /** Made on this way: where, and by which function. Undefined where it came from elsewhere. */
  readonly made: { readonly api: string; readonly where: Where } | undefined;
  /** Its maker gives NULL where it cannot be made. */
  readonly isNullable: boolean;
  /** None: a helper could not make it, and its NULL still has a name here. */
  readonly life: 'live' | 'freed' | 'none';
  readonly freed: Freed | undefined;
  /** Of an MDL: the memory that it describes. */
  readonly base: Value | undefined;
  /** Of an MDL that was made here, and of a block of the pool: how many bytes of it. */
  readonly bytes: Value | undefined;
  readonly keptBy: KeptBy;
  /** Of an MDL: its pages are locked, or were unlocked. */
  readonly pages: 'unknown' | 'none' | 'locked' | 'unlocked' | 'nonpaged';
  readonly locked: Where | undefined;
  readonly isPaged: boolean;
  readonly tag: bigint | undefined;
  /** Of memory: the type or flags and the tag that its maker was given, where a caller knows more of them. */
  readonly asked: { readonly type: Value; readonly tag: Value } | undefined;
  /** Of a program's memory: how it was read so far, on one of the ways here. */
  readonly reads: readonly Touch[];
  /** Of a request: who did not take it. */
  readonly refused?: { readonly api: string; readonly where: Where };
  /** Of a work item: it was queued, and its routine may give it back. */
  readonly isQueued?: true;
  /** Of a socket: the helper that it came from has looked whether it was made. */
  readonly isChecked?: true;
}

export interface KernelFacts {
  /** Locks that were taken on this way and not released, by key. */
  readonly held: SharedMap<string, Held>;
  readonly released: SharedMap<string, Released>;
  /** Locks that were taken and released on this way: where released. */
  readonly ended: SharedMap<string, Where>;
  readonly demands: SharedMap<string, Demand>;
  readonly blocks: SharedMap<string, Block>;
  /** Ways were joined that hold different locks: nothing is said about what is not held. */
  isVague: boolean;
}

export type Action =
  | { readonly kind: 'acquire'; readonly held: Held; readonly where: Where }
  | { readonly kind: 'release'; readonly released: Released; readonly where: Where }
  | { readonly kind: 'demand'; readonly demand: Demand; readonly where: Where }
  | {
      readonly kind: 'free';
      readonly value: Value;
      readonly block: BlockKind;
      readonly api: string;
      readonly tag: bigint | undefined;
      readonly askedTag?: Value | undefined;
      /** A helper does it, and has asked before whether it is there. */
      readonly isAsked?: boolean;
      readonly where: Where;
    }
  /** NULL is given to a function that takes back what it is given; `value` is what is NULL. */
  | {
      readonly kind: 'free-null';
      readonly value: Value;
      readonly block: BlockKind;
      readonly api: string;
      readonly where: Where;
    }
  /**
   * The code looks at what NULL points to, or writes it; or a helper does, which is given that pointer. `isCompared`: a
   * comparison on the way says that it is NULL.
   */
  | {
      readonly kind: 'null-touch';
      readonly where: Where;
      readonly isCompared?: boolean;
      readonly given?: { pointer: Expression; to: string };
    }
  /** The IO_STATUS_BLOCK of an IRP that an IoBuild function made is read, and the call that has the IRP may be under way. */
  | { readonly kind: 'early-read'; readonly irp: Value; readonly where: Where }
  /** The pages of an MDL are unlocked, or it is taken for one of nonpaged pool; `base` is the memory, where a helper made it. */
  | {
      readonly kind: 'pages';
      readonly mdl: Value;
      readonly becomes: 'unlocked' | 'nonpaged';
      readonly base: Value | undefined;
      readonly where: Where;
    }
  /** While some block is registered with WSK, a record is assigned as a whole; both are addresses. */
  | { readonly kind: 'copy'; readonly to: Value; readonly from: Value; readonly bytes: number; readonly where: Where }
  /** An element of an array that has `count` of them is read or written. */
  | { readonly kind: 'index'; readonly index: Value; readonly count: number; readonly where: Where }
  /** Memory behind a pointer is read or written, by the function named, or by the code itself. */
  | ({ readonly kind: 'touch'; readonly pointer: Value } & Touch);

/** How memory is read or written. */
export interface Touch {
  /** The function that does it; undefined for the code itself. */
  readonly by: string | undefined;
  readonly isRead: boolean;
  /** Where it begins: the pointer as it is used. */
  readonly at: Value;
  /** Undefined where it is not known how many. */
  readonly bytes: number | undefined;
  readonly where: Where;
}

export function emptyKernel(): KernelFacts {
  return {
    held: new SharedMap(),
    released: new SharedMap(),
    ended: new SharedMap(),
    demands: new SharedMap(),
    blocks: new SharedMap(),
    isVague: false,
  };
}

export function copyKernel(facts: KernelFacts): KernelFacts {
  return {
    held: new SharedMap(facts.held),
    released: new SharedMap(facts.released),
    ended: new SharedMap(facts.ended),
    demands: new SharedMap(facts.demands),
    blocks: new SharedMap(facts.blocks),
    isVague: facts.isVague,
  };
}

/** What is known of the memory that a pointer leads to, or into. */
export function blockBehind({ blocks }: KernelFacts, pointer: Value | undefined): Block | undefined {
  const root = pointer === undefined ? undefined : placeAt(pointer)?.root;
  return root?.kind === 'pointee' ? blocks.get(root.pointer.key) : undefined;
}

export function keeperKey(keptBy: KeptBy): string {
  return typeof keptBy === 'string' ? keptBy : keptBy.mdl.key;
}

/**
 * What keeps states apart. Blocks stand in the order in which they came: few ways come by the same ones in another, and
 * telling those apart costs less than putting every state's in order.
 */
export function kernelKey({ held, released, blocks, isVague }: KernelFacts): string {
  let key = isVague ? '~' : '';
  if (held.size > 0) for (const lock of [...held.keys()].sort()) key += `+${lock}`;
  if (released.size > 0) {
    const told = [...released].filter(([, one]) => hasCallersName(one)).map(([lock]) => `-${lock}`);
    key += told.length < released.size ? '-' : '';
    key += told.sort().join('');
  }
  for (const [value, { life, keptBy, pages }] of blocks) key += `*${value}${life}${keeperKey(keptBy)}${pages}`;
  return key;
}

/** What is known on one of two ways that meet, and of which values it is known that they are NULL there. */
interface Way extends Pick<KernelFacts, 'blocks'> {
  readonly isNull: (value: Value) => boolean;
}
type Ways = readonly [Way, Way];

/** What holds on both ways. */
export function joinKernel(a: KernelFacts, b: KernelFacts, ways: Ways): KernelFacts {
  const held = both(a.held, b.held);
  const released = both(a.released, b.released);
  const isSame = (one: KernelFacts): boolean =>
    one.held.size === held.size && [...one.released].every(([key, lock]) => released.has(key) || !hasCallersName(lock));
  const isVague = a.isVague || b.isVague || !isSame(a) || !isSame(b);
  for (const one of [a, b])
    for (const [key, lock] of one.released)
      if (!released.has(key) && !hasCallersName(lock)) released.set(key, { ...lock, isOnSomeWays: true });
  return {
    held,
    released,
    ended: both(a.ended, b.ended),
    demands: both(a.demands, b.demands),
    blocks: joinBlocks(ways),
    isVague,
  };
}

/** It lies in what callers gave, and not in what was found or made since: whoever calls can be told of it. */
function hasCallersName({ lock, handle }: Released): boolean {
  return isMeaningful(handle ?? lock, NOTHING_MADE);
}

const NOTHING_MADE: ReadonlySet<string> = new Set();

function both<T>(a: SharedMap<string, T>, b: SharedMap<string, T>): SharedMap<string, T> {
  if (a.isSharedWith(b)) return new SharedMap(a);
  const joined = new SharedMap<string, T>();
  for (const [key, value] of a) if (b.has(key)) joined.set(key, value);
  return joined;
}

function joinBlocks([a, b]: Ways): KernelFacts['blocks'] {
  if (a.blocks.isSharedWith(b.blocks)) return new SharedMap(a.blocks);
  const joined: KernelFacts['blocks'] = new SharedMap();
  for (const [key, block] of a.blocks) {
    const other = b.blocks.get(key);
    if (other?.life === block.life)
      joined.set(key, {
        ...block,
        keptBy: keptOnEither(block.keptBy, other.keptBy),
        ...(other.isQueued === true && { isQueued: true }),
        pages: block.pages === other.pages ? block.pages : 'unknown',
        bytes: block.bytes?.key === other.bytes?.key ? block.bytes : undefined,
      });
    else if (block.life === 'freed') joinFreed(joined, block, b);
    else if (other !== undefined) joinFreed(joined, other, a);
  }
  for (const [key, block] of b.blocks) if (block.life === 'freed' && !a.blocks.has(key)) joinFreed(joined, block, a);
  return joined;
}

/** Where ways meet, and where a helper adds what it did: whoever has it on one of them may have it. */
export function keptOnEither(a: KeptBy, b: KeptBy): KeptBy {
  if (a === b || b === 'nobody') return a;
  if (a === 'nobody') return b;
  return typeof a === 'object' && typeof b === 'object' && a.mdl.key === b.mdl.key ? a : 'others';
}

/** Nobody has it, or none but those who have its MDL. */
export function isKeptByMdlAtMost({ keptBy }: Block): boolean {
  return keptBy === 'nobody' || typeof keptBy === 'object';
}

/** A block of a caller's that one way frees: so does the other where there is none, and else nobody knows. */
function joinFreed(joined: KernelFacts['blocks'], block: Block, other: Way): void {
  if (block.made !== undefined) return;
  const isFreed = other.isNull(block.value);
  const open = { life: 'live', freed: undefined, pages: 'unknown' } as const;
  joined.set(block.value.key, isFreed ? block : { ...block, keptBy: 'others', ...open });
}

/** Drops what speaks of values that mean something else from now on. */
export function forgetKernel(facts: KernelFacts, isStale: (key: string) => boolean): void {
  for (const key of facts.held.keys()) {
    if (!isStale(key)) continue;
    facts.held.delete(key);
    facts.isVague = true;
  }
  for (const map of [facts.released, facts.ended, facts.blocks])
    for (const key of map.keys()) if (isStale(key)) map.delete(key);
  for (const [key, block] of facts.blocks) {
    const { bytes, keptBy } = block;
    const isOfStaleMdl = typeof keptBy === 'object' && isStale(keptBy.mdl.key);
    const isOfStaleBytes = bytes !== undefined && isStale(bytes.key);
    if (!isOfStaleMdl && !isOfStaleBytes) continue;
    facts.blocks.set(key, {
      ...block,
      bytes: isOfStaleBytes ? undefined : bytes,
      keptBy: isOfStaleMdl ? 'others' : keptBy,
    });
  }
  for (const [key, demand] of facts.demands) if (isOfStale(demand, isStale)) facts.demands.delete(key);
}

export function isSpinLock({ kind }: Pick<Held, 'kind'>): boolean {
  return kind === 'spin' || kind === 'shared-spin' || kind === 'cancel';
}

/** A lock that keeps others away is held, or may be. */
export function mayExclude({ held, isVague }: KernelFacts): boolean {
  return isVague || [...held.values()].some(keepsOthersOut);
}

/** A region keeps nobody but APCs out, and a remove lock only the removal. */
export function keepsOthersOut({ kind }: Pick<Held, 'kind'>): boolean {
  return isSpinLock({ kind }) || /mutex|resource/.test(kind);
}

export function demandKey(demand: Demand): string {
  switch (demand.kind) {
    case 'level':
      return `level ${demand.max} ${demand.reason}${demand.hangsOn === undefined ? '' : ` ${demand.hangsOn.value.key}`}`;
    case 'lock-free':
      return `lock ${demand.lock.key}`;
    case 'no-spin-lock':
      return 'no spin lock';
    case 'order':
      return `order ${demand.outer.lock.key} ${demand.lock.key}`;
    case 'nonpaged':
      return `nonpaged ${demand.base.key}`;
  }
}

/** It is about something whose name means something else from now on. */
export function isOfStale(demand: Demand, isStale: (key: string) => boolean): boolean {
  if (demand.kind === 'lock-free') return isStale(demand.lock.key);
  if (demand.kind === 'order') return isStale(demand.lock.key) || isStale(demand.outer.lock.key);
  return demand.kind === 'nonpaged' && isStale(demand.base.key);
}

export function mapDemand(demand: Demand, map: (value: Value) => Value, where: (inner: Where) => Where): Demand {
  const at = where(demand.where);
  if (demand.kind === 'lock-free') return { ...demand, lock: map(demand.lock), where: at };
  if (demand.kind === 'order') {
    const { outer } = demand;
    const held = { ...outer, lock: map(outer.lock), where: where(outer.where), saved: undefined, handle: undefined };
    return { ...demand, outer: held, lock: map(demand.lock), where: at };
  }
  if (demand.kind === 'nonpaged') return { ...demand, base: map(demand.base), where: at };
  if (demand.kind !== 'level' || demand.hangsOn === undefined) return { ...demand, where: at };
  const { value, kind } = demand.hangsOn;
  return { ...demand, where: at, hangsOn: { value: map(value), kind } };
}

/** A name for a block by which people know it. */
export function blockName(kind: BlockKind): string {
  switch (kind) {
    case 'pool':
    case 'entry':
    case 'string':
      return 'memory';
    case 'mdl':
      return 'MDL';
    case 'handle':
      return 'handle';
    case 'reference':
      return 'reference';
    case 'work-item':
      return 'work item';
    case 'device':
      return 'device';
    case 'attachment':
      return 'attachment';
    case 'mapping':
      return 'mapping';
    case 'address-list':
      return 'list of addresses';
    case 'user':
      return 'memory';
    case 'argument':
      return 'argument';
    case 'request':
      return 'request';
    case 'lent':
      return 'memory';
    case 'socket':
      return 'socket';
  }
}
