/** What came from above is completed, what an IoBuild function made for a thread frees itself. */
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../../cfront/parse/walk.ts';
import { isIrp } from '../../body/irp-type.ts';
import { nodesIn } from '../../body/nodes.ts';
import { memberName } from '../../body/record-type.ts';
import { givenTo } from '../../driver/handed-on.ts';
import { isWholeDriver, mayCall } from '../../driver/reach.ts';
import { callsOf, roleOf } from '../../driver/roles.ts';
import type { FlowEvent } from '../../flow/facts/events.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import type { Session } from '../../flow/run/session.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import type { Registration, Rule } from '../../rule.ts';
import { storyOfBlock } from '../../ways/blocks.ts';
import { storyOf } from '../../ways/wording.ts';
import { freedFromQueue } from './from-queue.ts';

export const irpFreedNotOwned: Rule = {
  id: 'irp-freed-not-owned',
  severity: 'error',
  docRules: ['R18', 'R101'],
  also: [
    'SDV IoAllocateFree',
    'SDV IoBuildSynchronousNoFree',
    'SDV IoBuildDeviceControlNoFree',
    'Driver Verifier C9/0x02',
  ],
  summary: 'Only an IRP of the driver itself is given to IoFreeIrp.',
  events: ['free'],
  event: (event, { state, report }) => {
    if (event.kind !== 'free') return;
    const memory = state.kernel.blocks.get(event.irp.key);
    if (memory?.kind === 'pool' && memory.made !== undefined)
      report({
        where: event.where,
        message: `IoFreeIrp gets memory of ${memory.made.api}, in which the driver has made an IRP of its own: IoFreeIrp takes back what IoAllocateIrp gives, and this goes back with ExFreePoolWithTag.`,
        path: [...storyOfBlock(memory), ...pathTo(event.where, 'It is freed here')],
        docRules: [],
      });
    const fact = state.facts.get(event.irp.key);
    const why = fact === undefined ? undefined : reason(event, fact);
    if (fact === undefined || why === undefined) return;
    report({
      where: event.where,
      message: why,
      path: [...storyOf(fact), ...pathTo(event.where, 'It is freed here')],
      docRules: [fact.origin === 'received' ? 'R18' : 'R101'],
    });
  },
  finish: ({ session, registrations, report }) => {
    const freeing = callsOf(session, 'IoFreeIrp');
    if (freeing.length === 0) return;
    for (const call of freeing.filter((one) => freesPart(one) || freesMade(session, one)))
      report({
        where: whereOf(call),
        message:
          'IoFreeIrp gets an IRP that is part of something else: it takes back what IoAllocateIrp gives, and this goes with what it lies in.',
        path: [],
        docRules: [],
      });
    const makesIrps = makers.some((name) => callsOf(session, name).length > 0);
    for (const fn of session.functions) {
      const { isUsers, definition } = fn;
      if (!isUsers) continue;
      for (const call of roleOf(session, fn) === 'DRIVER_CANCEL' ? freesOf(session, definition, 1) : [])
        report({
          where: whereOf(call),
          message: `${definition.symbol.name} frees a request that is cancelled: it belongs to the I/O manager, and whoever asked waits for ever for it to be completed.`,
          path: pathTo(whereOf(call), 'It is freed here'),
          docRules: ['R18'],
        });
      for (const call of freedFromQueue(session, definition, makesIrps))
        report({
          where: whereOf(call),
          message:
            'IoFreeIrp gets a request that waited in a queue: it belongs to the I/O manager, and whoever asked waits for ever for it to be completed.',
          path: pathTo(whereOf(call), 'It is freed here'),
          docRules: ['R18'],
        });
    }
    for (const routine of new Set(registrations.map((r) => r.routine))) {
      const all = registrations.filter((r) => r.routine === routine);
      const [first] = all;
      if (first === undefined || !routine.isUsers || all.some((r) => r.isOwn || !isFromAbove(session, r))) continue;
      for (const call of freesOf(session, routine.definition, 1)) {
        report({
          where: whereOf(call),
          message: `${routine.definition.symbol.name} frees a request that came from above: it belongs to the I/O manager, which still completes it, and then frees memory that is no longer there.`,
          path: [
            ...pathTo(first.where, 'The request gets the completion routine here'),
            ...pathTo(whereOf(call), 'It is freed here'),
          ],
          docRules: ['R18'],
        });
      }
    }
  },
};

/** `IoFreeIrp(&slot->Irp)`, where the member is an IRP and no pointer to one. */
function freesPart(call: CallExpression): boolean {
  if (call.arguments[0] === undefined) return false;
  const e = stripConversions(call.arguments[0], { casts: true });
  const part = e.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  return part !== undefined && part.kind !== 'dereference' && isIrp(part.type);
}

/** `IoFreeIrp(slot->Irp)`, where the member holds what IoInitializeIrp gets, and never anything but a place in other memory. */
function freesMade(session: Session, call: CallExpression): boolean {
  const member = memberAt(call.arguments[0]);
  if (member === undefined) return false;
  if (callsOf(session, 'IoInitializeIrp').every(({ arguments: [irp] }) => memberAt(irp) !== member)) return false;
  const users = session.functions.filter(({ isUsers }) => isUsers);
  const values = users.flatMap(({ definition }) =>
    nodesIn(definition, 'assign').flatMap((one) => (memberAt(one.target) === member ? one.value : [])),
  );
  const isGivenAway = users.some(({ definition }) =>
    nodesIn(definition, 'address-of').some(({ operand }) => memberAt(operand) === member),
  );
  return values.length > 0 && values.every(isWithin) && !isGivenAway && isWholeDriver(session);
}

function memberAt(argument: Expression | undefined): string | undefined {
  const e = argument && stripConversions(argument, { casts: true });
  return e?.kind === 'member' ? memberName(e) : undefined;
}

/** Behind or in something else, or nothing. */
function isWithin(value: Expression): boolean {
  const e = stripConversions(value, { casts: true });
  return (e.kind === 'binary' && e.operator === '+') || e.kind === 'address-of' || constantValue(e) === 0n;
}

/** Where a function gives what came with a parameter to IoFreeIrp, itself or by a helper. */
function freesOf(session: Session, definition: FunctionDefinition, parameter: number): readonly CallExpression[] {
  return nodesIn(definition, 'call').filter((call) => {
    const given = givenTo(session, call, 'IoFreeIrp', 0);
    const irp = given === undefined ? undefined : stripConversions(given, { casts: true });
    return irp?.kind === 'name' && irp.symbol === definition.parameters[parameter];
  });
}

/** The routine is set in a dispatch routine that makes no IRP itself: the request is the one that it was given. */
function isFromAbove(session: Session, { by }: Registration): boolean {
  return roleOf(session, by) === 'DRIVER_DISPATCH' && !mayCall(session, by, makers);
}

const makers = [
  'IoAllocateIrp',
  'IoAllocateIrpEx',
  'IoMakeAssociatedIrp',
  'IoBuildAsynchronousFsdRequest',
  'IoBuildDeviceIoControlRequest',
  'IoBuildSynchronousFsdRequest',
  'ExAllocateFromLookasideListEx',
  'IoReuseIrp',
  'IoInitializeIrp',
];

function reason(event: FlowEvent, { origin, built, life }: IrpFact): string | undefined {
  if (event.kind !== 'free') return undefined;
  if (origin === 'received' && (life.kind === 'idle' || life.kind === 'sent'))
    return 'IoFreeIrp gets the IRP that this dispatch routine was given: it belongs to the I/O manager, which still completes it, and then frees memory that is no longer there.';
  // One that was never sent belongs to nobody else yet.
  if (origin !== 'built' || built === undefined || life.kind !== 'sent') return undefined;
  return built.api === 'IoBuildDeviceIoControlRequest' || built.api === 'IoBuildSynchronousFsdRequest'
    ? `IoFreeIrp gets an IRP of ${built.api}, which belongs to the thread that made it: the I/O manager frees it when it completes, so it is freed twice.`
    : undefined;
}
