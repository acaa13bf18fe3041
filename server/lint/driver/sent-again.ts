/**
 * IRPs that a driver keeps and sends again when they have come back, as they are. In: a whole driver. Out: the call that
 * sends one again, and the completion routine with which it came back.
 *
 * That it is the same IRP shows where the object in which it lies goes from the completion routine to the call, through
 * whatever helpers, work items and DPCs, and no code on the way makes another. That it is as it was shows where nothing in
 * the driver makes it new, or only functions that send it themselves. That the call is reached shows where it runs only
 * then, or surely; or where the IRP is sent with several functions, of which only one can have been the first.
 */
import { memo } from '../../../base/memo.ts';
import type {
  CallExpression,
  Expression,
  FunctionDefinition,
  FunctionSymbol,
  VariableSymbol,
} from '../../../cfront/parse/ast.ts';
import { someNode, stripConversions, type TreeNode } from '../../../cfront/parse/walk.ts';
import { isIrpPointer } from '../body/irp-type.ts';
import { functionNamesIn, nodesIn } from '../body/nodes.ts';
import { ownDeclarations } from '../body/own-declarations.ts';
import { apiEffect, touchesMemory } from '../flow/calls/apis.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import { behindCompletion, type Step, typedTargets } from './behind-completion.ts';
import { calledFunction, calledName, namedFunction } from './callee.ts';
import { sureCalls } from './handed-on.ts';
import { type Holder, holdersOf, UNKNOWN } from './holders.ts';
import { behindPath, fromCall, type ObjectPath, objectPath } from './object-paths.ts';
import { inTables, isWholeDriver, liveFunctions, namedInTable } from './reach.ts';
import { functionNamed } from './roles.ts';

export interface SentAgain {
  readonly send: CallExpression;
  readonly api: string;
  readonly isWsk: boolean;
  readonly routine: FunctionInfo;
  /** Where the IRP gets the routine. */
  readonly set: CallExpression;
}

export function sentAgain(session: Session): readonly SentAgain[] {
  const live = liveFunctions(session);
  const sets = live.flatMap((by) => setsIn(session, by));
  if (sets.length === 0 || !isWholeDriver(session)) return [];
  const holders = holdersOf(session);
  const renewed = live.flatMap((fn) => renewedIn(fn.definition).map((e) => ({ fn, origins: holders.origins(fn, e) })));
  const found = new Map<CallExpression, SentAgain>();
  for (const { by, irp, routine, object, call } of sets) {
    const from = holders.origins(by, irp);
    const made = [...from].filter(isMaking);
    const isOne = (origins: ReadonlySet<Holder>): boolean => made.some((one) => origins.has(one));
    if (made.length === 0 || from.has(UNKNOWN) || renewed.some(({ origins }) => origins.has(UNKNOWN))) continue;
    const renewing = renewed.flatMap(({ fn, origins }) => (isOne(origins) ? fn : []));
    if (!renewing.every((fn) => sends(fn, (e) => isOne(holders.origins(fn, e))))) continue;
    // A routine to which other IRPs come back, or that somebody calls, says nothing of this one.
    const routines = new Set(sets.filter((set) => isOne(holders.origins(set.by, set.irp))).map((set) => set.routine));
    const foreign = sets.filter((set) => !isOne(holders.origins(set.by, set.irp))).map((set) => set.routine);
    const alone = [...routines].filter((one) => !foreign.includes(one) && isOnlySet(session, one, sets));
    if (!alone.includes(routine) || makesOne(codeBehind(session, routine), made)) continue;
    const steps = behindCompletion(session, { routine, object, alone });
    const again = renewing.length === 0 ? sendingAgain(session, steps) : sendingAsItIs(session, steps, renewing);
    if (again !== undefined) found.set(again.send, { ...again, routine, set: call });
  }
  return [...found.values()];
}

interface RoutineSet {
  /** The function in which the IRP and the routine are named: that of the call, or one that calls a wrapper of it. */
  readonly by: FunctionInfo;
  readonly irp: Expression;
  readonly named: Expression;
  readonly routine: FunctionInfo;
  readonly call: CallExpression;
  /** Where the IRP lies: from the routine's context, or from a variable that lasts. */
  readonly object: { readonly base: VariableSymbol | undefined; readonly path: string };
}

/** The completion routines that a function sets, also those that its callers give it or whose IRPs they do. */
function setsIn(session: Session, by: FunctionInfo): readonly RoutineSet[] {
  return nodesIn(by.definition, 'call').flatMap((call): readonly RoutineSet[] => {
    const effect = apiEffect(calledName(call) ?? '');
    if (effect?.kind !== 'set-routine') return [];
    const [irp, named, context] = call.arguments.slice(effect.irp);
    if (irp === undefined || named === undefined || context === undefined) return [];
    const [at, from] = [irp, context].map((e) => objectPath(session, by, e));
    const { parameters } = by.definition;
    const [irpAt, namedAt] = [irp, named].map((e) => positionIn(parameters, e));
    const routine = namedFunction(session, named);
    if (irpAt === undefined && routine !== undefined)
      return [{ by, irp, named, routine, call, object: objectOf(at, from) }];
    return callersOf(session, by).flatMap(({ fn, call: outer }) => {
      const irpThere = irpAt === undefined ? irp : outer.arguments[irpAt];
      const namedThere = namedAt === undefined ? named : outer.arguments[namedAt];
      const routineThere = namedThere && namedFunction(session, namedThere);
      if (irpThere === undefined || namedThere === undefined || routineThere === undefined) return [];
      const [there, fromThere] = [at, from].map((path) => path && fromCall(session, fn, outer, { helper: by, path }));
      const owner = irpAt === undefined ? by : fn;
      return [
        {
          by: owner,
          irp: irpThere,
          named: namedThere,
          routine: routineThere,
          call,
          object: objectOf(there, fromThere),
        },
      ];
    });
  });
}

function positionIn(parameters: readonly VariableSymbol[], e: Expression): number | undefined {
  const inner = stripConversions(e, { casts: true });
  const position = inner.kind === 'name' && inner.symbol.kind === 'variable' ? parameters.indexOf(inner.symbol) : -1;
  return position < 0 ? undefined : position;
}

function callersOf(
  session: Session,
  helper: FunctionInfo,
): readonly { readonly fn: FunctionInfo; readonly call: CallExpression }[] {
  return liveFunctions(session).flatMap((fn) =>
    nodesIn(fn.definition, 'call').flatMap((call) => (calledFunction(session, call) === helper ? { fn, call } : [])),
  );
}

function objectOf(irp: ObjectPath | undefined, context: ObjectPath | undefined): RoutineSet['object'] {
  if (irp?.base.duration === 'static') return irp;
  const path = irp !== undefined && irp.base === context?.base ? behindPath(context.path, irp.path) : undefined;
  return { base: undefined, path: path ?? NOWHERE };
}

/** The way to an IRP that nobody follows. */
const NOWHERE = '?';

function isMaking(origin: Holder): origin is CallExpression {
  return (
    typeof origin === 'object' && origin.kind === 'call' && apiEffect(calledName(origin) ?? '')?.kind === 'allocate-irp'
  );
}

/** IRPs that a function makes new, by a call or by hand, or gives to code that may. */
const renewedIn = memo((definition: FunctionDefinition): readonly Expression[] => [
  ...nodesIn(definition, 'call').flatMap((call) => {
    const name = calledName(call) ?? '';
    const mayRenew = /Reuse|InitializeIrp/.test(name) || touchesMemory(name) || isUnseen(call);
    return mayRenew ? call.arguments.filter((e) => isIrpPointer(stripConversions(e, { casts: true }).type)) : [];
  }),
  ...nodesIn(definition, 'assign').flatMap(({ target }) =>
    target.kind === 'member' && target.isArrow && isIrpPointer(target.object.type) && byHand.test(target.name)
      ? target.object
      : [],
  ),
]);

const byHand = /^(?:PendingReturned|Cancel|CurrentLocation)$/;

/** Through a pointer, and no function of WSK. */
function isUnseen(call: CallExpression): boolean {
  return functionNamed(call.callee) === undefined && !(calledName(call) ?? '').startsWith('Wsk');
}

/** It is named nowhere but where IRPs get it. */
function isOnlySet(session: Session, routine: FunctionInfo, sets: readonly RoutineSet[]): boolean {
  const isIt = (symbol: FunctionSymbol): boolean => session.functionOf(symbol) === routine;
  const known = new Set(
    sets.flatMap((set) => (set.routine === routine ? stripConversions(set.named, { casts: true }) : [])),
  );
  return (
    !inTables(session).some(isIt) &&
    liveFunctions(session).every(({ definition }) =>
      functionNamesIn(definition).every((node) => !isIt(node.symbol) || known.has(node)),
    )
  );
}

function makesOne(code: ReadonlySet<FunctionInfo>, made: readonly CallExpression[]): boolean {
  return [...code].some(({ definition }) => nodesIn(definition, 'call').some((call) => made.includes(call)));
}

/** All that a routine leads to: by names, by tables that it names, and by pointers that may lead there. */
function codeBehind(session: Session, routine: FunctionInfo): ReadonlySet<FunctionInfo> {
  const code = new Set([routine]);
  for (const { definition } of code) {
    const add = (symbol: FunctionSymbol): void => {
      const fn = session.functionOf(symbol);
      if (fn?.isUsers === true) code.add(fn);
    };
    for (const { symbol } of functionNamesIn(definition)) add(symbol);
    for (const { symbol } of nodesIn(definition, 'name'))
      if (symbol.kind === 'variable' && symbol.duration === 'static') tableOf(session, symbol).forEach(add);
    for (const call of nodesIn(definition, 'call')) for (const fn of typedTargets(session, call)) code.add(fn);
  }
  return code;
}

/** Functions that the table names. */
function tableOf({ units }: Session, variable: VariableSymbol): readonly FunctionSymbol[] {
  return units.flatMap((unit) =>
    ownDeclarations(unit).flatMap((one) =>
      one.kind === 'variable-declaration' && one.symbol.name === variable.name ? namedInTable(one) : [],
    ),
  );
}

/** The call that gives the IRP away again; undefined where it may be the first that does. */
function sendingAgain(session: Session, steps: readonly Step[]): Pick<SentAgain, 'send' | 'api' | 'isWsk'> | undefined {
  const sends = steps.flatMap((step) => sendsIn(session, step));
  const sure = sends.find(({ isSure }) => isSure);
  if (sure !== undefined) return sure;
  const wsk = sends.filter(({ isWsk }) => isWsk);
  return new Set(wsk.map(({ api }) => api)).size > 1 ? wsk.at(-1) : undefined;
}

/**
 * Other functions make it new and send it; this one sends it when it has come back, and neither it nor one that calls it
 * makes it new.
 */
function sendingAsItIs(
  session: Session,
  steps: readonly Step[],
  renewing: readonly FunctionInfo[],
): Pick<SentAgain, 'send' | 'api' | 'isWsk'> | undefined {
  const renewed = new Set(renewing);
  for (const { definition } of renewed)
    for (const call of nodesIn(definition, 'call')) {
      const helper = calledFunction(session, call);
      if (helper !== undefined) renewed.add(helper);
    }
  return steps
    .filter(({ fn, when }) => when !== 'maybe' && !renewed.has(fn))
    .flatMap((step) => sendsIn(session, step))
    .find(({ isWsk }) => isWsk);
}

function sends({ definition }: FunctionInfo, isMeant: (irp: Expression) => boolean): boolean {
  return nodesIn(definition, 'call').some((call) => {
    const irp = irpSent(call);
    return irp !== undefined && isMeant(irp);
  });
}

/** The IRP that a call gives away. */
function irpSent(call: CallExpression): Expression | undefined {
  const effect = apiEffect(calledName(call) ?? '');
  if (effect?.kind === 'send-irp') return call.arguments[effect.irp];
  const last = isOfWsk(call) ? call.arguments.at(-1) : undefined;
  return last !== undefined && isIrpPointer(last.type) ? last : undefined;
}

function isOfWsk(call: CallExpression): boolean {
  return /^Wsk[A-Z]/.test(calledName(call) ?? '') && functionNamed(call.callee) === undefined;
}

function sendsIn(
  session: Session,
  { fn, object, path, when }: Step,
): readonly (Pick<SentAgain, 'send' | 'api' | 'isWsk'> & { readonly isSure: boolean })[] {
  return nodesIn(fn.definition, 'call').flatMap((send) => {
    const irp = irpSent(send);
    const at = irp && objectPath(session, fn, irp);
    if (at?.base !== object || at.path !== path) return [];
    const isSure = when === 'only' || (when === 'surely' && isMain(fn.definition, send));
    return [{ send, api: calledName(send) ?? '', isWsk: isOfWsk(send), isSure }];
  });
}

/** It comes to the call surely, or wherever it does not return at once, by what others have written. */
function isMain(definition: FunctionDefinition, send: CallExpression): boolean {
  if (sureCalls(definition).includes(send)) return true;
  const { items } = definition.body;
  const at = items.findIndex((item) => someNode(item, (node) => node === send));
  const own = new Set(nodesIn(definition, 'assign').flatMap(({ target }) => nameOf(target) ?? []));
  return (
    /^(?:expression|return|declaration)$/.test(items[at]?.kind ?? '') &&
    items.slice(0, at).every((item) => {
      if (!someNode(item, ({ kind }) => kind === 'return' || kind === 'goto')) return true;
      return (
        item.kind === 'if' &&
        item.otherwise === undefined &&
        item.then.kind === 'return' &&
        !someNode(item, (node) => node.kind === 'call' || own.has(nameOf(node) ?? ''))
      );
    })
  );
}

function nameOf(node: TreeNode): string | undefined {
  if (node.kind === 'name') return node.symbol.name;
  return node.kind === 'member' ? node.name : undefined;
}
