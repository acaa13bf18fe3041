/** Before an own IRP goes out again, IoReuseIrp resets it and IoSetCompletionRoutine sets its routine anew. */
import type { Fix } from '../../../../base/finding.ts';
import { lineBreakOf, lineText, positionAt } from '../../../../base/source.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { sentAgain } from '../../driver/sent-again.ts';
import type { FlowEvent, SendEvent } from '../../flow/facts/events.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import { analysisOf } from '../../flow/run/run.ts';
import { type FunctionInfo, isFromOwnField } from '../../flow/run/session.ts';
import { pathTo, siteKey, type Where, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const irpNotReused: Rule = {
  id: 'irp-not-reused',
  severity: 'error',
  docRules: ['R22'],
  also: [],
  summary: 'IoReuseIrp comes before an own IRP is sent again.',
  readsLines: true,
  events: ['send'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind !== 'send' || event.isIrpOptional) return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.life.kind !== 'sent' || (fact.origin !== 'own' && (fact.origin !== 'unknown' || !event.isWsk))) return;
    if (!event.isWsk && resetsByHand(fn)) return;
    const { life } = fact;
    if (life.frees.kind !== 'never' || life.frees.reuses || mayBePending(state, life)) return;
    const mark = `irp-not-reused@${siteKey(life.where)}`;
    if (state.marks.has(mark)) return;
    state.marks.add(mark);
    const routine = fact.routine.kind === 'set' ? fact.routine.where : undefined;
    report({
      where: event.where,
      ...(event.isWsk ? {} : { severity: 'warning' }),
      message: event.isWsk
        ? `${event.api} gets an IRP that ${life.api} has used up: without IoReuseIrp its stack location and its completion routine are those of the last request, and the routine does not run again.`
        : `${event.api} gets an IRP that ${life.api} has used up: without IoReuseIrp its PendingReturned and its Cancel are those of the last request, and who looks at them takes this one for pending or cancelled.`,
      path: [...storyOf(fact), ...pathTo(event.where, `It is given to ${event.api} here as it is`)],
      fixes: fixesFor(event, routine),
      when: () => fact.origin === 'own' || isFromOwnField(session, fn, event.irp),
    });
  },
  // In the completion routine of an own IRP it is used up, too; whose it is, those who set the routine say.
  finish: ({ session, registrations, report }) => {
    for (const { send, api, isWsk, routine, set } of sentAgain(session))
      report({
        where: whereOf(send),
        span: nodePlace(send),
        ...(isWsk ? {} : { severity: 'warning' }),
        message: `${api} gets an IRP again that has come back to ${routine.definition.symbol.name}, and nothing in the driver gives it to IoReuseIrp: its status and its cancel flag are those of the last request.`,
        path: pathTo(whereOf(set), 'It gets the completion routine here'),
        once: siteKey(whereOf(send)),
      });
    for (const routine of new Set(registrations.map((r) => r.routine))) {
      const all = registrations.filter((r) => r.routine === routine);
      const [first] = all;
      if (first === undefined || !routine.isUsers || !all.every((r) => r.isOwn)) continue;
      const summary = analysisOf(session, routine)?.summary;
      for (const { events } of summary?.kind === 'known' ? summary.outcomes : []) {
        const sent = sentAsItCame(events);
        if (sent === undefined) continue;
        report({
          where: sent.where,
          message: `${sent.api} gets the IRP that has come back to ${routine.definition.symbol.name}: without IoReuseIrp its status, its cancel flag and its stack location are those of the last request.`,
          path: [
            ...pathTo(first.where, 'It gets the completion routine here'),
            ...pathTo(sent.where, `It is given to ${sent.api} here as it is`),
          ],
          once: siteKey(sent.where),
        });
      }
    }
  },
};

/** What IoReuseIrp does to the IRP may stand there member by member. */
function resetsByHand({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'assign').some(
    ({ target }) => target.kind === 'member' && /^(?:PendingReturned|Cancel|CurrentLocation)$/.test(target.name),
  );
}

/** The first event that says what becomes of a completion routine's IRP, where that is a WSK call. */
function sentAsItCame(events: readonly FlowEvent[]): SendEvent | undefined {
  const first = events.find(
    (event) => isGiven(event) && ['send', 'reuse', 'free', 'lose', 'lose-routine', 'complete'].includes(event.kind),
  );
  return first?.kind === 'send' && first.isWsk && !first.isIrpOptional ? first : undefined;
}

function isGiven(event: FlowEvent): boolean {
  if (!('irp' in event) || event.irp.kind !== 'symbol') return false;
  return event.irp.source.kind === 'parameter' && event.irp.source.index === 1;
}

/** IoReuseIrp and IoSetCompletionRoutine before the statement, where both texts stand in this function. */
function fixesFor(event: SendEvent, routine: Where | undefined): readonly Fix[] {
  const irp = event.where.arguments.at(-1);
  if (irp === undefined || routine === undefined || routine.inside !== undefined || event.where.inside !== undefined)
    return [];
  const [first, ...rest] = routine.arguments;
  const last = rest.at(-1);
  if (first === undefined || rest.length !== 5 || last === undefined) return [];
  const call = nodePlace(event.where.node);
  const set = nodePlace(rest[0] ?? first);
  const irpPlace = nodePlace(irp);
  if (set.file !== call.file || irpPlace.file !== call.file) return [];
  const { line } = positionAt(call.file, call.start);
  const text = lineText(call.file, line);
  const start = call.file.lineStarts[line];
  const indent = /^\s*/.exec(text)?.[0] ?? '';
  // A statement that begins on an earlier line, or hangs on an `if`, has no place for two more before it.
  const before = start === undefined ? '' : call.file.text.slice(0, start).trimEnd().at(-1);
  if (start === undefined || (before !== ';' && before !== '{' && before !== '}')) return [];
  if (/^\s*(if|while|for|return|switch)\b/.test(text) && !/^\s*(if|return|switch)\b/.test(text)) return [];
  const name = call.file.text.slice(irpPlace.start, irpPlace.end);
  const again = call.file.text.slice(set.start, nodePlace(last).end);
  const end = lineBreakOf(call.file);
  const newText = `${indent}IoReuseIrp(${name}, STATUS_UNSUCCESSFUL);${end}${indent}IoSetCompletionRoutine(${name}, ${again});${end}`;
  return [
    {
      title: 'Insert IoReuseIrp and IoSetCompletionRoutine',
      edits: [{ span: { file: call.file, start, end: start }, newText }],
    },
  ];
}
