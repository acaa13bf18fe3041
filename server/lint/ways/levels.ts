/**
 * Whether the processor may be too high for something, at a point of a function: because of what the function did
 * itself, because of its role (a DPC runs at DISPATCH_LEVEL), or because it says that it may be called so high.
 */
import type { PathStep } from '../../../base/finding.ts';
import type { Annotation } from '../../../cfront/parse/ast.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import { nodesIn } from '../body/nodes.ts';
import { onlyCallNamed } from '../driver/callee.ts';
import { callsOf, roleOf } from '../driver/roles.ts';
import { currentLevel, isEntryLevel } from '../flow/calls/demands.ts';
import { levelsOf } from '../flow/calls/levels.ts';
import { type Action, type Demand, DIRQL, HIGH_LEVEL } from '../flow/facts/kernel.ts';
import { question } from '../flow/run/asked.ts';
import { type FunctionInfo, ofRun, type Session } from '../flow/run/session.ts';
import { rangeOf, type State } from '../flow/state/state.ts';
import { pathTo, whereOf } from '../flow/state/where.ts';
import { between, FULL, intersect, rangeKey } from '../flow/values/ranges.ts';
import type { Value } from '../flow/values/values.ts';
import type { CheckContext } from '../rule.ts';

const roles: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  KDEFERRED_ROUTINE: { min: 2, max: 2 },
  IO_DPC_ROUTINE: { min: 2, max: 2 },
  IO_TIMER_ROUTINE: { min: 2, max: 2 },
  DRIVER_CANCEL: { min: 2, max: 2 },
  IO_COMPLETION_ROUTINE: { min: 0, max: 2 },
  WSK_ACCEPT_EVENT: { min: 0, max: 2 },
  WSK_INSPECT_EVENT: { min: 0, max: 2 },
  WSK_ABORT_EVENT: { min: 0, max: 2 },
  WSK_RECEIVE_EVENT: { min: 0, max: 2 },
  WSK_RECEIVE_FROM_EVENT: { min: 0, max: 2 },
  WSK_DISCONNECT_EVENT: { min: 0, max: 2 },
  WSK_SEND_BACKLOG_EVENT: { min: 0, max: 2 },
  EVT_WDF_TIMER: { min: 2, max: 2 },
  EVT_WDF_DPC: { min: 2, max: 2 },
  EVT_WDF_INTERRUPT_DPC: { min: 2, max: 2 },
  EVT_WDF_REQUEST_COMPLETION_ROUTINE: { min: 0, max: 2 },
  KSERVICE_ROUTINE: { min: DIRQL, max: HIGH_LEVEL },
  KSYNCHRONIZE_ROUTINE: { min: DIRQL, max: HIGH_LEVEL },
  EVT_WDF_INTERRUPT_ISR: { min: DIRQL, max: HIGH_LEVEL },
  EVT_WDF_INTERRUPT_SYNCHRONIZE: { min: DIRQL, max: HIGH_LEVEL },
};

/** The levels of a function's role. A timer of KMDF runs as a DPC unless the driver sets an execution level. */
function levelsOfRole(
  session: Session,
  role: string | undefined,
): { readonly min: number; readonly max: number } | undefined {
  if (role === undefined || !Object.hasOwn(roles, role)) return undefined;
  if (roles[role]?.min === DIRQL && handlesPassively(session)) return undefined;
  return role === 'EVT_WDF_TIMER' && setsExecutionLevel(session) ? undefined : roles[role];
}

/** Some object of KMDF is made for another level than the usual one: which callbacks that is about, nobody tells here. */
const setsExecutionLevel = question(
  'execution level',
  ofRun((session: Session): boolean =>
    session.functions.some(
      ({ isUsers, definition }) =>
        isUsers && nodesIn(definition, 'member').some(({ name }) => name === 'ExecutionLevel'),
    ),
  ),
);

/** Some interrupt of the driver is served by a thread, at PASSIVE_LEVEL. */
const handlesPassively = question(
  'passive interrupts',
  ofRun(
    (session: Session): boolean =>
      callsOf(session, 'IoConnectInterruptEx').length > 0 ||
      session.functions.some(
        ({ isUsers, definition }) =>
          isUsers && nodesIn(definition, 'member').some(({ name }) => name === 'PassiveHandling'),
      ),
  ),
);

/** A level that is too high or too low. */
export interface WrongLevel {
  /** "the level is DISPATCH_LEVEL here (why)"; "may be" where it is so for some callers. */
  readonly text: string;
  readonly path: readonly PathStep[];
}

type LevelDemand = Extract<Demand, { kind: 'level' }>;

/** What the act asks of the level for that reason, and the level, where that is higher. */
export function missedDemand(
  action: Action,
  reason: LevelDemand['reason'],
  { session, fn, state }: CheckContext,
): MissedDemand | undefined {
  if (action.kind !== 'demand' || action.demand.kind !== 'level' || action.demand.reason !== reason) return undefined;
  const { api, max, hangsOn } = action.demand;
  const found = tooHigh(session, fn, state, max);
  if (found !== undefined) return { api, max, found };
  const promised = hangsOn === undefined ? promisedTooHigh(session, fn, state, max) : undefined;
  return promised && { api, max, found: promised, severity: 'warning' };
}

interface MissedDemand {
  readonly api: string;
  readonly max: number;
  readonly found: WrongLevel;
  /** Where the level is as high only if somebody takes the function at its word. */
  readonly severity?: 'warning';
}

/**
 * The function says without a condition that it may be called so high, and does this whatever it is given: an argument
 * that it has asked for, other than whether a pointer is there, may say that the level is lower.
 */
function promisedTooHigh(session: Session, fn: FunctionInfo, state: State, max: number): WrongLevel | undefined {
  const { symbol } = fn.definition;
  const promised = levelsOf(symbol);
  const value = currentLevel(state);
  if (promised.max === undefined || promised.max <= max || promised.changes || !isEntryLevel(value)) return undefined;
  if (levelsOfRole(session, roleOf(session, fn)) !== undefined || rangeKey(rangeOf(state, value)) !== rangeKey(FULL))
    return undefined;
  if (symbol.annotations.some(({ name }) => name === '_When_')) return undefined;
  // What the type of a callback's role says, nobody has promised here.
  const isPromise = ({ name, first }: Annotation): boolean =>
    /^(?:_IRQL_requires_(?:max_)?|__drv_maxIRQL|__drv_requiresIRQL)$/.test(name) &&
    !fn.unit.isSystemFile(place(first).file);
  if (!symbol.annotations.some(isPromise)) return undefined;
  const isPointer = (asked: Value): boolean =>
    asked.kind === 'symbol' &&
    asked.source.kind === 'parameter' &&
    fn.definition.parameters[asked.source.index]?.type.kind === 'pointer';
  for (const { value: asked } of state.ranges.values())
    if (/<p\d/.test(asked.key) && !isPointer(asked)) return undefined;
  const level = levelName(promised.max);
  return {
    text: `the level may be ${level} here (${symbol.name} says of itself that it may be called there)`,
    path: [],
  };
}

/** The role of a function that runs at DISPATCH_LEVEL from its beginning to its end. */
export function dpcRoleOf(session: Session, fn: FunctionInfo): string | undefined {
  const role = roleOf(session, fn);
  return role !== 'DRIVER_CANCEL' && levelsOfRole(session, role)?.min === 2 ? role : undefined;
}

/** Undefined where the level is low enough, or nothing is known of it. */
export function tooHigh(session: Session, fn: FunctionInfo, state: State, max: number): WrongLevel | undefined {
  const value = currentLevel(state);
  const role = roleOf(session, fn);
  const ofRole = levelsOfRole(session, role);
  const range = rangeOf(state, value);
  if (!isEntryLevel(value)) {
    if (range.min === undefined || range.min <= BigInt(max)) return undefined;
    return { text: `the level is ${levelName(Number(range.min))} here`, path: raisedOnTheWay(fn, state) };
  }
  const declared = levelsOf(fn.definition.symbol);
  const min = ofRole?.min ?? declared.min ?? 0;
  // A way that the function cannot take at the level of its role.
  if (intersect(range, between(BigInt(min), BigInt(HIGH_LEVEL))) === undefined) return undefined;
  const { name } = fn.definition.symbol;
  if (min > max) {
    const level = levelName(min);
    const why =
      ofRole !== undefined && ofRole.min > max ? ` (${name} is ${articled(role)}, which runs at ${level})` : '';
    return { text: `the level is ${level} here${why}`, path: [] };
  }
  // Where the code asks for the level, it knows what it does.
  if (range.max !== undefined || range.min !== undefined || range.not.length > 0) return undefined;
  if (ofRole === undefined || ofRole.max <= max) return undefined;
  const level = levelName(ofRole.max);
  return { text: `the level may be ${level} here (${name} is ${articled(role)}, which may run at ${level})`, path: [] };
}

/** Roles whose functions begin at PASSIVE_LEVEL, always. */
const passiveRole =
  /^(?:DRIVER_INITIALIZE|DRIVER_UNLOAD|DRIVER_ADD_DEVICE|DRIVER_REINITIALIZE|KSTART_ROUTINE|WORKER_THREAD_ROUTINE|IO_WORKITEM_ROUTINE(?:_EX)?)$/;

/** Undefined where the level may be high enough. */
export function tooLow(session: Session, fn: FunctionInfo, state: State, min: number): WrongLevel | undefined {
  const value = currentLevel(state);
  const { max } = rangeOf(state, value);
  if (max !== undefined && max < BigInt(min)) return { text: `the level is ${levelName(Number(max))} here`, path: [] };
  if (!isEntryLevel(value)) return undefined;
  const { symbol } = fn.definition;
  const role = roleOf(session, fn);
  if (role !== undefined && passiveRole.test(role))
    return {
      text: `the level is ${levelName(0)} here (${symbol.name} is ${articled(role)}, which runs there)`,
      path: [],
    };
  const declared = levelsOf(symbol);
  if (declared.max === undefined || declared.max >= min || declared.changes) return undefined;
  const why = `${symbol.name} says of itself that nobody may call it higher`;
  return { text: `the level is ${levelName(declared.max)} at most here (${why})`, path: [] };
}

/** Where the level was raised on this way: by the locks that are held, or by the function's own call. */
function raisedOnTheWay(fn: FunctionInfo, state: State): readonly PathStep[] {
  const locks = [...state.kernel.held.values()].flatMap((held) =>
    held.saved === undefined ? [] : pathTo(held.where, `${held.api} raises the level here`),
  );
  return locks.length > 0 ? locks : raisedIn(fn);
}

/** The place where a function raises the level itself, where that is one. */
export function raisedIn({ definition }: FunctionInfo): readonly PathStep[] {
  const call = onlyCallNamed(definition, (name) => /^K[ef]RaiseIrql/.test(name));
  return call === undefined ? [] : pathTo(whereOf(call), 'The level is raised here');
}

export function levelName(level: number): string {
  return (
    ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL'][level] ??
    (level === HIGH_LEVEL ? 'HIGH_LEVEL' : 'a level above DISPATCH_LEVEL')
  );
}

function articled(role: string | undefined = ''): string {
  return `${/^[AEIO]/.test(role) ? 'an' : 'a'} ${role}`;
}
