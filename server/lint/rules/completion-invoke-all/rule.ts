/** The completion routine of an own IRP is asked for on success, error and cancel. */
import type { Fix } from '../../../../base/finding.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { isFromOwnField } from '../../flow/run/session.ts';
import { isNull } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

const names = ['InvokeOnSuccess', 'InvokeOnError', 'InvokeOnCancel'];

export const completionInvokeAll: Rule = {
  id: 'completion-invoke-all',
  severity: 'error',
  docRules: ['R16'],
  also: [],
  summary: 'The completion routine of an IRP of the driver itself runs on success, error and cancel.',
  events: ['set-routine'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind !== 'set-routine' || isNull(state, event.routine)) return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.origin === 'built') return;
    const off = event.invokeOn.flatMap((value, index) => (isNull(state, value) ? [index] : []));
    if (off.length === 0) return;
    const flags = event.where.arguments.slice(-3);
    const [first, , last] = flags;
    const from = first === undefined ? undefined : nodePlace(first);
    const to = last === undefined ? undefined : nodePlace(last);
    const fix: Fix = {
      title: 'Pass TRUE, TRUE, TRUE',
      isCertain: true,
      edits: off.flatMap((index) => {
        const flag = flags[index];
        return flag === undefined ? [] : [{ span: nodePlace(flag), newText: 'TRUE' }];
      }),
    };
    report({
      where: event.where,
      ...(from !== undefined && to !== undefined && from.file === to.file
        ? { span: { ...from, end: Math.max(from.end, to.end) } }
        : {}),
      message: `${list(off.map((index) => names[index] ?? ''))} ${off.length === 1 ? 'is' : 'are'} FALSE: in that case the routine is skipped and the I/O manager goes on completing an IRP that belongs to this driver.`,
      path: [
        ...(fact?.originWhere === undefined
          ? []
          : pathTo(fact.originWhere, 'The IRP is allocated or reused by the driver here')),
        ...pathTo(event.where, 'The completion routine is set here'),
      ],
      fixes: [fix],
      // An IRP kept in a structure is the driver's own where never another is put there.
      when: () => fact?.origin === 'own' || isFromOwnField(session, fn, event.irp),
    });
  },
};

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
