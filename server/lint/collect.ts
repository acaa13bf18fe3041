/**
 * Listens to the analysis for all rules at once and gathers what they report.
 *
 * A mistake that a helper makes whatever it is given is reported in the helper; when its events are replayed in its
 * callers the same mistake comes up again and is known by its chain of places. What depends on what the caller gave
 * is new there, and is reported at the call.
 */
import type { Finding, PathStep } from '../../base/finding.ts';
import { memo } from '../../base/memo.ts';
import { placeText, type Span } from '../../base/source.ts';
import type { FunctionSymbol } from '../../cfront/parse/ast.ts';
import { isWhole } from './body/whole.ts';
import type { ApiCall, FlowEvent, SetRoutineEvent } from './flow/facts/events.ts';
import type { Action } from './flow/facts/kernel.ts';
import { type FunctionInfo, isFromOwnField, type Observer, type Session } from './flow/run/session.ts';
import { mayBeNull, type State } from './flow/state/state.ts';
import { isOwnText, pathTo, type Where, whereSpan } from './flow/state/where.ts';
import type { Value } from './flow/values/values.ts';
import type { CheckContext, Registration, Report, Rule } from './rule.ts';

export interface Collector {
  readonly observer: Observer;
  /** Lets the rules look at the whole run. It stops behind each rule, for who has other work. */
  readonly finish: () => Generator<undefined, AtEnd>;
  /**
   * Everything that was found, on the way and at the end. `locate` tells where a place of an earlier text, in a function
   * that is still the same, stands now.
   */
  readonly findings: (atEnd: AtEnd, locate: (span: Span) => Span) => readonly Finding[];
  /** Something came up while the function was analysed that depends on how its lines are laid out. */
  readonly sawLines: (fn: FunctionInfo) => boolean;
}

interface Pending {
  readonly rule: Rule;
  readonly report: Report;
}

/** What the rules said of a whole run. It stands for a later text, too, in which every function says what it said. */
export type AtEnd = readonly Pending[];

interface Registered extends Omit<Registration, 'routine'> {
  readonly routine: FunctionSymbol;
  readonly irp: Value;
  /** The IRP came with a parameter, so callers know more. */
  readonly isCallers: boolean;
}

/** What came up while a function was analysed. */
interface Found {
  readonly pending: Pending[];
  readonly registered: Registered[];
}

export function createCollector(rules: readonly Rule[], session: () => Session): Collector {
  // By the function under analysis, because that is what is kept when another one changes.
  const found = new WeakMap<FunctionInfo, Found>();
  const foundIn = (fn: FunctionInfo): Found => {
    let own = found.get(fn);
    if (own === undefined) {
      own = { pending: [], registered: [] };
      found.set(fn, own);
    }
    return own;
  };
  const { onEvent, onExit, onAct, onCall, onCallThrough } = listenersOf(rules);

  /** Most rules pass over most of what they are told, so all of them share one context. */
  const tell = <What>(
    told: readonly Listener<What>[],
    what: What,
    state: State,
    fn: FunctionInfo,
    withPath: (report: Report) => Report = (report) => report,
  ): void => {
    let telling: Rule | undefined;
    const report = (found: Report): void => {
      if (telling !== undefined) foundIn(fn).pending.push({ rule: telling, report: withPath(found) });
    };
    const context: CheckContext = { state, fn, session: session(), report };
    for (const { rule, check } of told) {
      telling = rule;
      check(what, context);
    }
  };
  const observer: Observer = {
    event: (event, state, fn) => {
      if (event.kind === 'set-routine') register(session(), foundIn(fn).registered, event, state, fn);
      if (fn.isUsers) tell(onEvent(event), event, state, fn);
    },
    call: (call, state, fn) => {
      if (!fn.isUsers) return;
      const told = call.where.inside === undefined ? onCall(call) : onCallThrough(call);
      tell(told, call, state, fn, (report) => (report.path.length > 0 ? report : { ...report, path: pathOf(call) }));
    },
    act: (action, state, fn) => {
      if (fn.isUsers && isWhole(fn)) tell(onAct(action), action, state, fn);
    },
    exit: (exit, state, fn) => {
      if (fn.isUsers) tell(onExit, exit, state, fn);
    },
  };
  function* finish(): Generator<undefined, AtEnd> {
    const { reached, functionOf } = session();
    const registrations = reached
      .flatMap((fn) => foundIn(fn).registered)
      .filter((r) => !(r.isCallers && r.by.heardBy > 0))
      .flatMap((r) => {
        const routine = functionOf(r.routine);
        const isOwn = r.isOwn || isFromOwnField(session(), r.by, r.irp);
        return routine === undefined ? [] : [{ ...r, routine, isOwn }];
      });
    const pending: Pending[] = [];
    for (const rule of rules) {
      if (rule.finish === undefined) continue;
      rule.finish({ session: session(), registrations, report: (report) => void pending.push({ rule, report }) });
      yield;
    }
    return pending;
  }
  const findings = (atEnd: AtEnd, locate: (span: Span) => Span): readonly Finding[] => {
    const pending = [...session().reached.flatMap((fn) => foundIn(fn).pending), ...atEnd];
    const sure = pending.filter(({ report }) => report.when?.() !== false);
    const chains = new Set(sure.map(({ rule, report }) => `${rule.id}@${chain(report.where, locate)[0]}`));
    const told = new Set<string>();
    return sure.flatMap(({ rule, report }) => {
      if (
        chain(report.where, locate)
          .slice(1)
          .some((link) => chains.has(`${rule.id}@${link}`))
      )
        return [];
      const finding = findingOf(rule, report, locate);
      const key = `${rule.id}@${report.once ?? `${placeText(finding.span)}-${finding.span.end}`}`;
      if (told.has(key)) return [];
      told.add(key);
      return [finding];
    });
  };
  const sawLines = (fn: FunctionInfo): boolean => foundIn(fn).pending.some(({ rule }) => rule.readsLines === true);
  return { observer, finish, findings, sawLines };
}

interface Listener<What> {
  readonly rule: Rule;
  readonly check: (what: What, context: CheckContext) => void;
}

/** Which rules are told of what. Kept with the list of rules, which is the same from keystroke to keystroke. */
const listenersOf = memo((rules: readonly Rule[]) => {
  const onCall = listeners(rules, (rule) => rule.call);
  const isAsked = ({ calls }: Rule, { api, isWsk }: ApiCall): boolean => {
    if (calls === undefined || calls === 'wsk') return calls === undefined || isWsk;
    return calls instanceof RegExp ? calls.test(api) : calls.includes(api);
  };
  const nameOf = ({ api, isWsk }: ApiCall): string => (isWsk ? `wsk ${api}` : api);
  const throughHelpers = onCall.filter(({ rule }) => rule.seesThroughHelpers === true);
  return {
    onEvent: sorted(
      listeners(rules, (rule) => rule.event),
      ({ kind }: FlowEvent) => kind,
      (rule, { kind }) => rule.events?.includes(kind) !== false,
    ),
    onAct: sorted(
      listeners(rules, (rule) => rule.act),
      ({ kind }: Action) => kind,
      (rule, { kind }) => rule.acts?.includes(kind) !== false,
    ),
    onCall: sorted(onCall, nameOf, isAsked),
    onCallThrough: sorted(throughHelpers, nameOf, isAsked),
    onExit: listeners(rules, (rule) => rule.exit),
  };
});

function listeners<What>(
  rules: readonly Rule[],
  checkOf: (rule: Rule) => Listener<What>['check'] | undefined,
): readonly Listener<What>[] {
  return rules.flatMap((rule) => {
    const check = checkOf(rule);
    return check === undefined ? [] : [{ rule, check }];
  });
}

/** Those who are told of something, worked out once for all that has one name. */
function sorted<What>(
  all: readonly Listener<What>[],
  nameOf: (what: What) => string,
  isTold: (rule: Rule, what: What) => boolean,
): (what: What) => readonly Listener<What>[] {
  const known = new Map<string, readonly Listener<What>[]>();
  return (what) => {
    const name = nameOf(what);
    let told = known.get(name);
    if (told === undefined) {
      told = all.filter(({ rule }) => isTold(rule, what));
      known.set(name, told);
    }
    return told;
  };
}

/** A call in a helper is shown where it stands; one that stands at the finding needs no path. */
function pathOf({ api, where }: ApiCall): readonly PathStep[] {
  return where.inside === undefined ? [] : pathTo(where, `${api} is called here`);
}

function findingOf(
  rule: Rule,
  { where, span, message, path, fixes, docRules, severity = rule.severity }: Report,
  locate: (span: Span) => Span,
): Finding {
  // Inside a helper the part that shows it lies elsewhere: the call is what the reader can see.
  const at: Span = where.inside === undefined && span !== undefined ? span : whereSpan(where);
  const offered = fixes?.filter(({ edits }) => edits.every((edit) => isOwnText(where, edit.span))) ?? [];
  return {
    rule: rule.id,
    severity,
    message,
    span: locate(at),
    path: path.map((step) => ({ ...step, span: locate(step.span) })),
    docRules: docRules ?? rule.docRules,
    ...(rule.also.length > 0 ? { also: rule.also } : {}),
    ...(rule.tag === undefined ? {} : { tag: rule.tag }),
    ...(offered.length > 0 && where.inside === undefined
      ? {
          fixes: offered.map((fix) => ({
            ...fix,
            edits: fix.edits.map((edit) => ({ ...edit, span: locate(edit.span) })),
          })),
        }
      : {}),
  };
}

/** The places from here to the innermost helper, each as the text of its own chain. */
function chain(where: Where, locate: (span: Span) => Span): readonly string[] {
  const links: string[] = [];
  let text = '';
  const places: string[] = [];
  for (let at: Where | undefined = where; at !== undefined; at = at.inside?.where) {
    const span = locate(whereSpan(at));
    places.push(`${placeText(span)}-${span.end}`);
  }
  for (const place of places.reverse()) {
    text = `${place}<${text}`;
    links.push(text);
  }
  return links.reverse();
}

function register(
  session: Session,
  registered: Registered[],
  event: FlowEvent & SetRoutineEvent,
  state: State,
  fn: FunctionInfo,
): void {
  if (event.routine.kind !== 'function') return;
  const routine = event.routine.symbol;
  if (session.functionOf(routine) === undefined) return;
  const { irp, where } = event;
  const fact = state.facts.get(irp.key);
  const isCallers =
    fact?.origin !== 'own' &&
    irp.kind === 'symbol' &&
    (irp.source.kind === 'parameter' || irp.source.kind === 'initial');
  registered.push({
    routine,
    isOwn: fact?.origin === 'own',
    hasContext: !mayBeNull(state, event.context),
    where,
    allocated: fact?.originWhere,
    by: fn,
    irp,
    isCallers,
  });
}
