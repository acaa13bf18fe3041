/** An IRP is freed when it is back, not while a call may still be working with it. IoCancelIrp does not wait. */
import type { Fix } from '../../../../base/finding.ts';
import { lineBreakOf, positionAt, type Span } from '../../../../base/source.ts';
import type { CallExpression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodePlace, walk } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { callsOf, functionNamed } from '../../driver/roles.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import type { Session } from '../../flow/run/session.ts';
import { pathTo, siteKey, type Where, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const irpFreedInFlight: Rule = {
  id: 'irp-freed-in-flight',
  severity: 'error',
  docRules: ['R21'],
  also: ['Driver Verifier C9/0x20A', 'Driver Verifier C9/0x20B', 'CWE-416'],
  summary: 'An IRP is freed only after its completion routine has run.',
  readsLines: true,
  events: ['free', 'use'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind === 'use' && event.by === 'IoCancelIrp') state.marks.add(CANCELLED + event.irp.key);
    if (event.kind !== 'free') return;
    const fact = state.facts.get(event.irp.key);
    if (fact === undefined || fact.life.kind === 'unknown') {
      const cancel = state.marks.has(CANCELLED + event.irp.key) ? cancelledBefore(fn.analysed, event.where) : undefined;
      if (cancel !== undefined)
        report({
          where: event.where,
          message:
            'The IRP is freed right behind IoCancelIrp, which does not wait: whoever works with it completes it later, in memory that belongs to somebody else.',
          path: pathTo(cancel, 'It is cancelled here'),
        });
      return;
    }
    if (fact.life.kind !== 'sent') return;
    const { life } = fact;
    const mark = `irp-touched-after-send@${siteKey(life.where)}`;
    if (life.frees.kind !== 'never' || !mayBePending(state, life) || state.marks.has(mark)) return;
    state.marks.add(mark);
    report({
      where: event.where,
      message: `The IRP is freed while ${life.api} may still be working with it: nothing on this path waits for its completion, which then writes into memory that belongs to somebody else.`,
      path: [...storyOf(fact), ...pathTo(event.where, 'It is freed here')],
      fixes: movedFree(session, event.where, life.where, fact.routine),
    });
  },
};

const CANCELLED = 'cancelled@';
/** What asks for nothing, and waits for nobody. */
const plain = /^(?:IoCancelIrp|IoFreeMdl|ExFree\w+|Dbg\w+|KeCancelTimer|IoFreeWorkItem|Ke\w+SpinLock\w*)$/;

/** The call of IoCancelIrp, where no call, loop or condition between it and the free could find out that the IRP is back. */
function cancelledBefore({ body }: FunctionDefinition, free: Where): Where | undefined {
  if (free.inside !== undefined) return undefined;
  const end = nodePlace(free.node).start;
  let cancel: CallExpression | undefined;
  let isSure = false;
  walk(body, (node) => {
    const { start, end: behind } = nodePlace(node);
    if (start >= end) return;
    if (node.kind === 'call') {
      if (calledName(node) === 'IoCancelIrp') {
        cancel = node;
        isSure = true;
      } else if (!plain.test(calledName(node) ?? '')) isSure = false;
    } else if (behind > end && isAsked.test(node.kind)) isSure = false;
    else if (node.kind === 'label' || node.kind === 'case') isSure = false;
  });
  return cancel === undefined || !isSure ? undefined : whereOf(cancel);
}

const isAsked = /^(?:if|switch|while|do|for|conditional)$/;

/**
 * The free goes into the completion routine: where it stands right behind the call that sends the IRP, and the routine
 * is set here alone and ends with its only return.
 */
function movedFree(session: Session, free: Where, send: Where, routine: IrpFact['routine']): readonly Fix[] {
  if (routine.kind !== 'set' || routine.value.kind !== 'function') return [];
  if (free.inside !== undefined || send.inside !== undefined) return [];
  const info = session.functionOf(routine.value.symbol);
  const irp = info?.definition.parameters[1]?.name;
  const last = info?.definition.body.items.at(-1);
  if (info === undefined || irp === undefined || last?.kind !== 'return') return [];
  const settings = callsOf(session, 'IoSetCompletionRoutine').filter(
    ({ arguments: [, set] }) => set !== undefined && functionNamed(set) === info.definition.symbol,
  );
  if (settings.length !== 1 || nodesIn(info.definition, 'return').length !== 1) return [];
  const [here, before, end] = [nodePlace(free.node), nodePlace(send.node), nodePlace(last)];
  const { file } = here;
  if (before.file !== file || end.file !== file || !/^\s*;\s*$/.test(file.text.slice(before.end, here.start)))
    return [];
  const line = lineAt(here);
  const isAlone = /^\s*IoFreeIrp\s*\([^;]*\)\s*;[ \t]*(?:\/\/.*)?\r?\n$/.test(file.text.slice(line.start, line.end));
  const ending = lineAt(end);
  const indent = /^[ \t]*/.exec(file.text.slice(ending.start))?.[0] ?? '';
  if (!isAlone || ending.start + indent.length !== end.start) return [];
  return [
    {
      title: `Free the IRP in ${info.definition.symbol.name}`,
      edits: [
        { span: { ...here, start: line.start, end: line.end }, newText: '' },
        {
          span: { ...here, start: ending.start, end: ending.start },
          newText: `${indent}IoFreeIrp(${irp});${lineBreakOf(file)}`,
        },
      ],
    },
  ];
}

/** The whole line in which a span begins, with its end. */
function lineAt({ file, start }: Span): { readonly start: number; readonly end: number } {
  const { line } = positionAt(file, start);
  return { start: file.lineStarts[line] ?? 0, end: file.lineStarts[line + 1] ?? file.text.length };
}
