/**
 * What a driver makes and keeps in a member or a variable that lasts, and that nothing in it ever gives back. In: the whole
 * driver, which can be unloaded, and a kind of thing. Out: the call that makes it, and what keeps it.
 *
 * All that gives back such things is looked at, with all that it may be given (holders.ts). Where that is unknown, it may
 * be anything but a structure of another type; where the thing goes to the system's own structures, or to code that is not
 * here, that may give it back.
 */
import { memo } from '../../../base/memo.ts';
import { placeText } from '../../../base/source.ts';
import type { CallExpression, Expression, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { constantValue, someNode, stripConversions, type TreeNode } from '../../../cfront/parse/walk.ts';
import type { CType, RecordDefinition } from '../../../cfront/types/types.ts';
import { nodesIn } from '../body/nodes.ts';
import { isRecord, memberRecord, pointsTo, recordKey } from '../body/record-type.ts';
import { apiEffect } from '../flow/calls/apis.ts';
import { kernelEffect } from '../flow/calls/kernel-apis.ts';
import type { BlockKind } from '../flow/facts/kernel.ts';
import { type Exit, type FunctionInfo, ofRun, type Session } from '../flow/run/session.ts';
import { hasFailed } from '../flow/state/outcome.ts';
import { isNull } from '../flow/state/state.ts';
import { innermost, whereOf, whereSpan } from '../flow/state/where.ts';
import type { CheckContext, FinishContext } from '../rule.ts';
import { calledName, handedOnIn } from './callee.ts';
import { isOfFailingStart } from './failing-start.ts';
import { givenToSystem, type Holders, holdersOf, isLocal, type Keeper, ownFunction, UNKNOWN } from './holders.ts';
import { isWholeDriver, keysBehind, liveFunctions } from './reach.ts';
import { callsOf, functionNamed, unloadRoutine } from './roles.ts';

export type Given = Extract<BlockKind, 'pool' | 'mdl' | 'reference' | 'handle'> | 'irp';

/** What the driver's calls are gone through for: what gives such things back, and what finds the pages of an MDL. */
type Purpose = Given | 'pages';

/** Tells each such thing; `free` is what should get it, `effect` what comes of it, as the end of a sentence. */
export function reportNeverGivenBack(
  { session, report }: FinishContext,
  kind: Given,
  { free, effect }: { readonly free: string; readonly effect: string },
): void {
  for (const { made, keeper, isAtStart } of neverGivenBack(session, kind)) {
    const kept = keeper === undefined ? 'goes through the driver' : `is kept in ${keeper.name}`;
    const nobody = isAtStart ? 'nothing but a start that fails' : 'nothing in the driver';
    report({
      where: whereOf(made),
      message: `What ${calledName(made)} gives ${kept}, and ${nobody} gives it to ${free}: ${effect}.`,
      path: [],
      once: placeText(whereSpan(whereOf(made))),
    });
  }
}

/**
 * The same of what DriverEntry has put into the driver's variables when it succeeds: a start that fails may give it back,
 * but nothing that runs later does.
 */
export function reportKeptAtStart(
  { state, fn, session, report }: CheckContext,
  exit: Exit,
  kind: Given,
  { free, effect }: { readonly free: string; readonly effect: string },
): void {
  if (fn.definition.symbol.name !== 'DriverEntry' || hasFailed(exit, state)) return;
  for (const block of state.kernel.blocks.values()) {
    if (block.kind !== kind || block.life !== 'live' || isNull(state, block.value)) continue;
    const call = block.made && (innermost(block.made.where).node as TreeNode);
    const root = [...state.cells.values()].find(({ value }) => value.key === block.value.key)?.place.root;
    if (call?.kind !== 'call' || root?.kind !== 'global') continue;
    report({
      where: whereOf(call),
      message: `What ${calledName(call)} gives is kept in ${root.variable.name}, and nothing but a start that fails gives it to ${free}: ${effect}.`,
      path: [],
      once: placeText(whereSpan(whereOf(call))),
      when: () => isKeptForGood(session, kind, call),
    });
  }
}

function isKeptForGood(session: Session, kind: Given, analysed: CallExpression): boolean {
  const call = latestCall(session, analysed);
  if (call === undefined || !isGivenBackInSight(session, kind)) return false;
  const holders = holdersOf(session);
  const records = holders.keepersOf(call).flatMap(({ type }) => recordBehind(type) ?? []);
  const ended = laterFunctions(session).flatMap((fn) => endedIn(session, fn, kind));
  return !ended.some((end) => mayBe(holders, end, call, records));
}

/** The call as the latest text has it: that of an analysis may be of an earlier one, in which the function said the same. */
function latestCall(session: Session, analysed: CallExpression): CallExpression | undefined {
  for (const fn of liveFunctions(session)) {
    const at = nodesIn(fn.analysed, 'call').indexOf(analysed);
    if (at >= 0) return nodesIn(fn.definition, 'call')[at];
  }
  return undefined;
}

/** What may run when DriverEntry has returned: routines that somebody was given, and all that they lead to. */
export const laterFunctions = ofRun((session: Session): readonly FunctionInfo[] => {
  const live = liveFunctions(session);
  const later = keysBehind(session, live.flatMap(({ definition }) => handedOnIn(definition)).map(session.functionKey));
  return live.filter(({ key }) => later.has(key));
});

/** MDLs that the driver keeps and gives away, and for which nothing in it finds the pages. */
export function neverBuilt(
  session: Session,
): readonly { readonly made: CallExpression; readonly keeper: Keeper; readonly use: Expression }[] {
  const live = liveFunctions(session);
  const made = madeIn(live, 'pages');
  if (made.length === 0 || !isWholeDriver(session) || live.some((fn) => handsOnEnds(session, fn, 'pages'))) return [];
  if (live.some(({ definition }) => writesMdls(definition))) return [];
  const holders = holdersOf(session);
  const built = live.flatMap((fn) => endedIn(session, fn, 'pages'));
  const used = live.flatMap((fn) => mdlsGiven(fn.definition).map((use) => ({ fn, use })));
  return made.flatMap(({ call }) => {
    const [keeper] = holders.keepersOf(call);
    const { use } = used.find((one) => holders.origins(one.fn, one.use).has(call)) ?? {};
    if (keeper === undefined || use === undefined || built.some((one) => mayBe(holders, one, call, []))) return [];
    return [{ made: call, keeper, use }];
  });
}

/** What it puts into a WSK_BUF or a request. */
const mdlsGiven = memo((definition: FunctionDefinition): readonly Expression[] => [
  ...nodesIn(definition, 'assign').flatMap(({ target, value }) =>
    target.kind === 'member' &&
    ((target.name === 'Mdl' && isRecord(memberRecord(target), '_WSK_BUF')) || target.name === 'MdlAddress')
      ? value
      : [],
  ),
  ...nodesIn(definition, 'variable-declaration').flatMap(({ symbol, initializer }) =>
    isRecord(symbol.type, '_WSK_BUF') && initializer?.kind === 'list' ? (initializer.entries[0]?.value ?? []) : [],
  ),
]);

/** It looks into an MDL, or behind its end, where the numbers of its pages lie. */
const writesMdls = memo(
  (definition: FunctionDefinition): boolean =>
    nodesIn(definition, 'assign').some(
      ({ target }) => target.kind === 'member' && isRecord(memberRecord(target), '_MDL'),
    ) ||
    someNode(
      definition.body,
      (node) => node.kind === 'binary' && node.operator === '+' && pointsTo(node.left.type, '_MDL'),
    ),
);

/** The driver is seen whole, can be unloaded, and calls what gives such things back by its name only. */
function isGivenBackInSight(session: Session, kind: Given): boolean {
  if (!isWholeDriver(session) || unloadRoutine(session) === undefined) return false;
  return !liveFunctions(session).some((fn) => handsOnEnds(session, fn, kind));
}

interface NeverGivenBack {
  readonly made: CallExpression;
  /** Undefined for a request that is nowhere but in locals, and comes back to a completion routine. */
  readonly keeper: Keeper | undefined;
  /** A start that fails gives it back. */
  readonly isAtStart: boolean;
}

function neverGivenBack(session: Session, kind: Given): readonly NeverGivenBack[] {
  const live = liveFunctions(session);
  const made = madeIn(live, kind);
  if (made.length === 0 || !isGivenBackInSight(session, kind) || (kind === 'irp' && !keepsIrps(session))) return [];
  const holders = holdersOf(session);
  const ended = live.flatMap((fn) => endedIn(session, fn, kind));
  const returns = kind === 'irp' ? live.flatMap((fn) => irpsSet(fn.definition).map((e) => holders.origins(fn, e))) : [];
  return made.flatMap((one): readonly NeverGivenBack[] => {
    const keepers = holders.keepersOf(one.call);
    const [keeper] = keepers;
    if (keeper === undefined && !returns.some((origins) => origins.has(one.call))) return [];
    const records = keepers.flatMap(({ type }) => recordBehind(type) ?? []);
    const ends = ended.filter((end) => !isUnkept(holders, end, one) && mayBe(holders, end, one.call, records));
    if (keeper === undefined ? ends.length > 0 : !areOfFailingStart(session, ends)) return [];
    return [{ made: one.call, keeper, isAtStart: ends.length > 0 }];
  });
}

/** IRPs that get a completion routine. */
const irpsSet = memo((definition: FunctionDefinition): readonly Expression[] =>
  nodesIn(definition, 'call').flatMap((call) => {
    const effect = apiEffect(calledName(call) ?? '');
    return effect?.kind === 'set-routine' ? (call.arguments[effect.irp] ?? []) : [];
  }),
);

/** There are none, or DriverEntry leads to all of them where it fails, and nothing that runs later does to any. */
function areOfFailingStart(session: Session, ends: readonly Ended[]): boolean {
  if (ends.length === 0) return true;
  const later = laterFunctions(session);
  const calls = new Set(ends.map(({ call }) => call));
  return !ends.some(({ fn }) => later.includes(fn)) && isOfFailingStart(session, (call) => calls.has(call));
}

function madeIn(live: readonly FunctionInfo[], kind: Purpose): readonly Made[] {
  return live.flatMap((fn) => (callsIn(fn.definition).made.get(kind) ?? []).map((call) => ({ fn, call })));
}

interface Made {
  readonly fn: FunctionInfo;
  readonly call: CallExpression;
}

/** The function that makes it gives it back by a local, as it does where it fails: what is kept its caller keeps. */
function isUnkept(holders: Holders, { fn, given }: Ended, made: Made): boolean {
  if (fn !== made.fn || !holders.isOnlyReturned(fn, made.call)) return false;
  return [...holders.origins(fn, given)].every(
    (origin) => isLocal(origin) || (typeof origin === 'object' && origin.kind === 'call'),
  );
}

/** Something is given back, or goes where others may do it. */
interface Ended {
  readonly fn: FunctionInfo;
  /** Undefined where it goes into a structure of the system's. */
  readonly call: CallExpression | undefined;
  readonly given: Expression;
  readonly type: CType;
  /** What is not known of it counts: it may be anything. */
  readonly isForAny: boolean;
}

function mayBe(
  holders: Holders,
  { fn, given, type, isForAny }: Ended,
  made: CallExpression,
  records: readonly RecordDefinition[],
): boolean {
  const origins = holders.origins(fn, given);
  if (origins.has(made)) return true;
  if (!isForAny || !origins.has(UNKNOWN)) return false;
  const record = recordBehind(type);
  return (
    record === undefined || records.length === 0 || records.some((one) => holds(one, record) || holds(record, one))
  );
}

function endedIn(session: Session, fn: FunctionInfo, kind: Purpose): readonly Ended[] {
  const ended: Ended[] = [];
  const note = (e: Expression, { isForAny, call }: Pick<Ended, 'isForAny' | 'call'>): void => {
    const { type } = stripConversions(e, { casts: true });
    const isMeant = kind !== 'pages' || pointsTo(type, '_MDL') || pointsTo(e.type, '_MDL');
    if (isMeant && (type.kind === 'pointer' || e.type.kind === 'pointer'))
      ended.push({ fn, call, given: e, type, isForAny });
  };
  for (const { call, positions, isUnseen } of callsIn(fn.definition).ending) {
    if (ownFunction(session, call) !== undefined) continue;
    const at = positions.get(kind);
    for (const [index, argument] of call.arguments.entries()) {
      if (at === 'any') note(argument, { isForAny: !isOfSystem(fn, argument, kind), call });
      else if (at === index) note(argument, { isForAny: true, call });
      else if (isUnseen) note(argument, { isForAny: false, call });
    }
  }
  if (kind !== 'pages') for (const value of givenToSystem(fn)) note(value, { isForAny: false, call: undefined });
  return ended;
}

interface Calls {
  readonly made: ReadonlyMap<Purpose, readonly CallExpression[]>;
  readonly ending: readonly Ending[];
}

/** It takes things back, or goes where nobody sees what becomes of them. */
interface Ending {
  readonly call: CallExpression;
  readonly positions: ReadonlyMap<Purpose, number | 'any'>;
  readonly isUnseen: boolean;
}

const kinds: readonly Purpose[] = ['pool', 'mdl', 'irp', 'reference', 'handle', 'pages'];

/** Of a function in which nobody types they stay as they are, from key to key. */
const callsIn = memo((definition: FunctionDefinition): Calls => {
  const made = new Map<Purpose, CallExpression[]>();
  const ending: Ending[] = [];
  for (const call of nodesIn(definition, 'call')) {
    const name = calledName(call) ?? '';
    const positions = new Map<Purpose, number | 'any'>();
    for (const kind of kinds) {
      const at = endsAt(name, kind);
      if (at !== undefined) positions.set(kind, at);
      if (makes(call, kind)) made.set(kind, [...(made.get(kind) ?? []), call]);
    }
    const isUnseen = functionNamed(call.callee) === undefined && !name.startsWith('Wsk');
    if (isUnseen || positions.size > 0) ending.push({ call, positions, isUnseen });
  }
  return { made, ending };
});

/** The system's own object, an IRP or a device, which is neither memory of the driver's nor a handle. */
function isOfSystem({ unit }: FunctionInfo, argument: Expression, kind: Purpose): boolean {
  const record = recordBehind(stripConversions(argument, { casts: true }).type);
  return (kind === 'pool' || kind === 'handle') && record !== undefined && unit.isSystemFile(record.span.file);
}

/** The position at which a function takes such things back; 'any' where its name says that it may. */
function endsAt(name: string, kind: Purpose): number | 'any' | undefined {
  const effect = kernelEffect(name);
  if (kind === 'pages') {
    if (effect?.kind === 'pages') return effect.becomes === 'unlocked' ? undefined : effect.at;
    return effect === undefined && builds.test(name) ? 'any' : undefined;
  }
  if (effect?.kind === 'free') return effect.block === kind ? effect.at : undefined;
  const other = apiEffect(name);
  if (other?.kind === 'free-irp') return kind === 'irp' ? other.irp : undefined;
  return kind !== 'reference' && effect === undefined && ends.test(name) ? 'any' : undefined;
}

const builds = /^(?!Mm(?:Get|Map|Unmap|Size)).*(?:Mdl|Pages|LockUser)/;
const ends = /Free|Delete|Destroy|Close(?!Socket)|Complete/;

function makes(call: CallExpression, kind: Purpose): boolean {
  const name = calledName(call) ?? '';
  if (kind === 'irp') return apiEffect(name)?.kind === 'allocate-irp';
  const effect = kernelEffect(name);
  if (effect?.kind !== 'make' || effect.block !== (kind === 'pages' ? 'mdl' : kind)) return false;
  // One that belongs to an IRP is freed with it.
  const irp = name === 'IoAllocateMdl' ? call.arguments[4] : undefined;
  return irp === undefined || stripConversions(irp, { casts: true }).kind === 'integer';
}

/** What gives such things back is put somewhere, or called by another name. */
function handsOnEnds(session: Session, { definition }: FunctionInfo, kind: Purpose): boolean {
  return handedOnIn(definition).some(
    (symbol) => session.functionOf(symbol)?.isUsers !== true && endsAt(symbol.name, kind) !== undefined,
  );
}

/** No completion routine leaves an IRP of the driver's to the system, which frees it. */
function keepsIrps(session: Session): boolean {
  const routines = [
    ...callsOf(session, 'IoSetCompletionRoutine').map((call) => call.arguments[1]),
    ...callsOf(session, 'IoSetCompletionRoutineEx').map((call) => call.arguments[2]),
  ];
  return routines.every((routine) => {
    const symbol = routine === undefined ? undefined : functionNamed(routine);
    const definition = symbol === undefined ? undefined : session.functionOf(symbol)?.definition;
    const returns = definition === undefined ? [] : nodesIn(definition, 'return');
    return returns.length > 0 && returns.every(({ value }) => value !== undefined && isMoreRequired(value));
  });
}

const MORE_PROCESSING_REQUIRED = 0xc0000016n;

function isMoreRequired(value: Expression): boolean {
  const number = constantValue(value);
  return number !== undefined && BigInt.asUintN(32, number) === MORE_PROCESSING_REQUIRED;
}

function recordBehind(type: CType): RecordDefinition | undefined {
  return type.kind === 'pointer' && type.target.kind === 'record' ? type.target.definition : undefined;
}

/** The record is such a one, or has one in it. */
function holds(record: RecordDefinition, inner: RecordDefinition): boolean {
  if (recordKey(record) === recordKey(inner)) return true;
  return (record.fields ?? []).some(({ type }) => {
    let of = type;
    while (of.kind === 'array') of = of.element;
    return of.kind === 'record' && holds(of.definition, inner);
  });
}
