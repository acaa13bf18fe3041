/** An IRP of the driver itself has no stack location of the driver's own in which it could be marked pending. */
import type { CallExpression, Expression, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { callsOf, functionNamed } from '../../driver/roles.ts';
import type { Session } from '../../flow/run/session.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const irpPendingWithoutLocation: Rule = {
  id: 'irp-pending-without-location',
  severity: 'error',
  docRules: ['R19'],
  also: ['Driver Verifier C9/0x226'],
  summary:
    'An own IRP has no stack location of the driver itself: it is not marked pending there, and its current one is not used.',
  events: ['use'],
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
        if (!marks(session, node, irp)) continue;
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

/** The call marks the IRP, itself or in the helper that it is given to. */
function marks(session: Session, { callee, arguments: given }: CallExpression, irp: VariableSymbol): boolean {
  const isIt = (argument: Expression | undefined, variable: VariableSymbol | undefined): boolean => {
    const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
    return e?.kind === 'name' && e.symbol === variable;
  };
  const symbol = functionNamed(callee);
  if (symbol?.name === MARK) return isIt(given[0], irp);
  const helper = symbol === undefined ? undefined : session.functionOf(symbol);
  if (helper?.isUsers !== true) return false;
  const { definition } = helper;
  return given.some(
    (argument, index) =>
      isIt(argument, irp) &&
      nodesIn(definition, 'call').some(
        (call) => calledName(call) === MARK && isIt(call.arguments[0], definition.parameters[index]),
      ),
  );
}

const MARK = 'IoMarkIrpPending';
