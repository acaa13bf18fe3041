/**
 * Listens to the analysis for all rules at once and gathers what they report.
 *
 * A mistake that a helper makes whatever it is given is reported in the helper; when its events are replayed in its
 * callers the same mistake comes up again and is known by its chain of places. What depends on what the caller gave
 * is new there, and is reported at the call.
 */
import type { Finding } from '../../base/finding.ts';
import { placeText, type Span } from '../../base/source.ts';
import { isWhole } from './blocks.ts';
import type { FlowEvent, SetRoutineEvent } from './flow/facts/events.ts';
import { type FunctionInfo, isFromOwnField, type Observer, type Session } from './flow/run/session.ts';
import type { State } from './flow/state/state.ts';
import { type Where, whereSpan } from './flow/state/where.ts';
import type { Value } from './flow/values/values.ts';
import type { Registration, Report, Rule } from './rule.ts';

export interface Collector {
  readonly observer: Observer;
  /** Lets the rules look at the whole run, and gives everything that was found. */
  readonly finish: () => readonly Finding[];
}

interface Pending {
  readonly rule: Rule;
  readonly report: Report;
}

interface Registered extends Registration {
  readonly irp: Value;
  /** The IRP came with a parameter, so callers know more. */
  readonly isCallers: boolean;
}

export function createCollector(rules: readonly Rule[], session: () => Session): Collector {
  const pending: Pending[] = [];
  const registered: Registered[] = [];
  const onEvent = rules.flatMap((rule) => (rule.event === undefined ? [] : [{ rule, check: rule.event }]));
  const onExit = rules.flatMap((rule) => (rule.exit === undefined ? [] : [{ rule, check: rule.exit }]));

  const onAct = rules.flatMap((rule) => (rule.act === undefined ? [] : [{ rule, check: rule.act }]));
  const onCall = rules.flatMap((rule) => (rule.call === undefined ? [] : [{ rule, check: rule.call }]));

  const add = (rule: Rule, report: Report): void => {
    pending.push({ rule, report });
  };
  const observer: Observer = {
    event: (event, state, fn) => {
      if (event.kind === 'set-routine') register(session(), registered, event, state, fn);
      if (!fn.isUsers) return;
      for (const { rule, check } of onEvent)
        check(event, { state, fn, session: session(), report: (report) => add(rule, report) });
    },
    call: (call, state, fn) => {
      if (!fn.isUsers) return;
      for (const { rule, check } of onCall)
        check(call, { state, fn, session: session(), report: (report) => add(rule, report) });
    },
    act: (action, state, fn) => {
      if (!fn.isUsers || !isWhole(fn)) return;
      for (const { rule, check } of onAct)
        check(action, { state, fn, session: session(), report: (report) => add(rule, report) });
    },
    exit: (exit, state, fn) => {
      if (!fn.isUsers) return;
      for (const { rule, check } of onExit)
        check(exit, { state, fn, session: session(), report: (report) => add(rule, report) });
    },
  };
  const finish = (): readonly Finding[] => {
    const registrations = registered
      .filter((r) => !(r.isCallers && r.by.callers > 0))
      .map((r) => ({ ...r, isOwn: r.isOwn || isFromOwnField(session(), r.by, r.irp) }));
    for (const rule of rules)
      rule.finish?.({ session: session(), registrations, report: (report) => add(rule, report) });
    const sure = pending.filter(({ report }) => report.when?.() !== false);
    const chains = new Set(sure.map(({ rule, report }) => `${rule.id}@${chain(report.where)[0]}`));
    const told = new Set<string>();
    return sure.flatMap(({ rule, report }) => {
      if (
        chain(report.where)
          .slice(1)
          .some((link) => chains.has(`${rule.id}@${link}`))
      )
        return [];
      const finding = findingOf(rule, report);
      const key = `${rule.id}@${report.once ?? `${placeText(finding.span)}-${finding.span.end}`}`;
      if (told.has(key)) return [];
      told.add(key);
      return [finding];
    });
  };
  return { observer, finish };
}

function findingOf(rule: Rule, { where, span, message, path, fixes, docRules }: Report): Finding {
  // Inside a helper the part that shows it lies elsewhere: the call is what the reader can see.
  const at: Span = where.inside === undefined && span !== undefined ? span : whereSpan(where);
  return {
    rule: rule.id,
    severity: rule.severity,
    message,
    span: at,
    path,
    docRules: docRules ?? rule.docRules,
    ...(rule.also.length > 0 ? { also: rule.also } : {}),
    ...(fixes !== undefined && fixes.length > 0 && where.inside === undefined ? { fixes } : {}),
  };
}

/** The places from here to the innermost helper, each as the text of its own chain. */
function chain(where: Where): readonly string[] {
  const links: string[] = [];
  let text = '';
  const places: string[] = [];
  for (let at: Where | undefined = where; at !== undefined; at = at.inside?.where) {
    const span = whereSpan(at);
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
  const routine = session.functionOf(event.routine.symbol);
  if (routine === undefined) return;
  const { irp, where } = event;
  const fact = state.facts.get(irp.key);
  const isCallers =
    fact?.origin !== 'own' &&
    irp.kind === 'symbol' &&
    (irp.source.kind === 'parameter' || irp.source.kind === 'initial');
  registered.push({
    routine,
    isOwn: fact?.origin === 'own',
    where,
    allocated: fact?.originWhere,
    by: fn,
    irp,
    isCallers,
  });
}
