/** R22: before an own IRP goes out again, IoReuseIrp resets it and IoSetCompletionRoutine sets its routine anew. */
import type { Fix } from '../../../../base/finding.ts';
import { lineText, positionAt } from '../../../../base/source.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import type { SendEvent } from '../../flow/facts/events.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import { pathTo, siteKey, type Where } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../wording.ts';

export const irpNotReused: Rule = {
  id: 'irp-not-reused',
  severity: 'error',
  docRules: ['R22'],
  also: [],
  summary: 'IoReuseIrp comes before an own IRP is sent again.',
  event: (event, { state, report }) => {
    if (event.kind !== 'send' || !event.isWsk || event.isIrpOptional) return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.origin !== 'own' || fact.life.kind !== 'sent') return;
    const { life } = fact;
    if (life.frees.kind !== 'never' || life.frees.reuses || mayBePending(state, life)) return;
    const mark = `irp-not-reused@${siteKey(life.where)}`;
    if (state.marks.has(mark)) return;
    state.marks.add(mark);
    const routine = fact.routine.kind === 'set' ? fact.routine.where : undefined;
    report({
      where: event.where,
      message: `${event.api} gets an IRP that ${life.api} has used up: without IoReuseIrp its stack location and its completion routine are those of the last request, and the routine does not run again.`,
      path: [...storyOf(fact), ...pathTo(event.where, `It is given to ${event.api} here as it is`)],
      fixes: fixesFor(event, routine),
    });
  },
};

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
  const newText = `${indent}IoReuseIrp(${name}, STATUS_UNSUCCESSFUL);\n${indent}IoSetCompletionRoutine(${name}, ${again});\n`;
  return [
    {
      title: 'Insert IoReuseIrp and IoSetCompletionRoutine',
      edits: [{ span: { file: call.file, start, end: start }, newText }],
    },
  ];
}
