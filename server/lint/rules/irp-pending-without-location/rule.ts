/** An IRP of the driver itself has no stack location of the driver's own in which it could be marked pending. */
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../callee.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { callsOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../wording.ts';

export const irpPendingWithoutLocation: Rule = {
  id: 'irp-pending-without-location',
  severity: 'error',
  docRules: ['R19'],
  also: ['Driver Verifier C9/0x226'],
  summary:
    'An own IRP has no stack location of the driver itself: it is not marked pending there, and its current one is not used.',
  event: (event, { state, session, report }) => {
    if (event.kind !== 'use' || event.by !== 'IoGetCurrentIrpStackLocation') return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.origin !== 'own' || fact.life.kind !== 'idle' || fact.routine.kind === 'unknown') return;
    report({
      where: event.where,
      message:
        'An IRP that this driver allocated has no current stack location before it is sent: IoGetCurrentIrpStackLocation leads to what lies beyond the end of the IRP. The location of the driver below is the next one.',
      path: [...storyOf(fact), ...pathTo(event.where, 'Its current location is asked for here')],
      docRules: [],
      once: siteKey(event.where),
      when: () => callsOf(session, 'IoSetNextIrpStackLocation').length === 0,
    });
  },
  finish: ({ session, registrations, report }) => {
    // With a location of its own, by IoSetNextIrpStackLocation, an IRP may be marked.
    if (callsOf(session, 'IoSetNextIrpStackLocation').length > 0) return;
    for (const routine of new Set(registrations.map((r) => r.routine))) {
      const own = registrations.filter((r) => r.routine === routine);
      const [first] = own;
      const irp = routine.definition.parameters[1];
      if (first === undefined || irp === undefined || !routine.isUsers || !own.every((r) => r.isOwn)) continue;
      for (const node of nodesIn(routine.definition, 'call')) {
        const [argument] = node.arguments;
        const given = argument === undefined ? undefined : stripConversions(argument, { casts: true });
        if (calledName(node) !== 'IoMarkIrpPending' || given?.kind !== 'name' || given.symbol !== irp) continue;
        report({
          where: whereOf(node),
          message:
            'IoMarkIrpPending writes to the current stack location, but an IRP that this driver allocated has none of its own: the write lands beyond the end of the IRP.',
          path: [
            ...(first.allocated === undefined ? [] : pathTo(first.allocated, 'The IRP is allocated here')),
            ...pathTo(first.where, 'It gets the completion routine here'),
            { span: nodePlace(node), message: 'It is marked pending here' },
          ],
        });
      }
    }
  },
};
