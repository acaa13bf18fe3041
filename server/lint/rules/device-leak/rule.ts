/**
 * DriverEntry and AddDevice delete the devices that they have made where they fail, and a driver that can be unloaded
 * deletes all. In: the end of a way on which one of them fails, and the driver as a whole. Out: a device that was made,
 * and that nobody can have deleted.
 *
 * One that is attached when AddDevice fails gets the request that removes the stack, and may go then.
 */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { nodePlace, someNode } from '../../../../cfront/parse/walk.ts';
import { isLoop, nodesIn } from '../../body/nodes.ts';
import { isWhole } from '../../body/whole.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { watchStart } from '../../driver/kept-at-start.ts';
import { neverUndone } from '../../driver/never-undone.ts';
import { mayCall } from '../../driver/reach.ts';
import { roleOf } from '../../driver/roles.ts';
import type { Block } from '../../flow/facts/kernel.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { isNull, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { failureOf } from '../../ways/failure.ts';

const makers = ['IoCreateDevice', 'IoCreateDeviceSecure'];
const DELETE = 'IoDeleteDevice';
const STAYS = 'it stays after unloading, with its name, and the next request to it runs code that is no longer there.';

const start = watchStart([
  {
    by: makers,
    ends: [DELETE],
    message: `The device is deleted only by a start that fails: nothing that runs later calls IoDeleteDevice, so ${STAYS}`,
  },
]);

export const deviceLeak: Rule = {
  id: 'device-leak',
  severity: 'warning',
  docRules: [],
  also: ['CWE-772'],
  summary: 'DriverEntry and AddDevice delete their devices where they fail, and DriverUnload all.',
  ...start,
  exit: (exit, context) => {
    start.exit(exit, context);
    const { state, fn, session, report } = context;
    if (state.kernel.blocks.size === 0 || exit.value === undefined || state.isVague || !isWhole(fn)) return;
    const effect = effects[roleOf(session, fn) ?? ''];
    if (effect === undefined) return;
    const failing = failureOf(exit, state, fn);
    if (failing === undefined) return;
    for (const block of state.kernel.blocks.values()) {
      const { kind, made, life, keptBy, value } = block;
      if (kind !== 'device' || made === undefined || life !== 'live') continue;
      if (keptBy !== 'nobody' || isNull(state, value)) continue;
      if (isAttached(state, block)) continue;
      report({
        where: exit.where,
        message: `${fn.definition.symbol.name} fails${failing}, and the device that ${made.api} has made stays: ${effect}`,
        path: [
          ...pathTo(made.where, `${made.api} makes it here`),
          ...pathTo(exit.where, 'The function fails here, and nobody has given the device to IoDeleteDevice'),
        ],
        once: siteKey(exit.where),
        when: () => !goesThroughDevices(session, fn),
      });
    }
  },
  finish: ({ session, report }) => {
    const [call] = neverUndone(session, makers, [DELETE]);
    if (call === undefined) return;
    report({
      where: whereOf(call),
      span: nodePlace(call),
      message: `The device is never deleted: nothing in the driver calls IoDeleteDevice, so ${STAYS}`,
      path: [],
    });
  },
};

/** What follows, by the role of the function. */
const effects: Readonly<Record<string, string>> = {
  DRIVER_INITIALIZE:
    'DriverUnload is not called then, the code goes away below the device, and while its name is taken no other start of the driver can make it.',
  DRIVER_ADD_DEVICE:
    'Plug and Play knows nothing of it, no request ever removes it, and the driver cannot be unloaded.',
};

/** A loop deletes devices, which it finds by the driver's own list: how many there are, no way tells. */
function goesThroughDevices(session: Session, fn: FunctionInfo): boolean {
  const called = nodesIn(fn.definition, 'call').flatMap((call) => calledFunction(session, call) ?? []);
  return [fn, ...called].some(({ definition }) =>
    someNode(
      definition.body,
      (node) => isLoop(node) && someNode(node, (inner) => inner.kind === 'call' && deletes(session, inner)),
    ),
  );
}

function deletes(session: Session, call: CallExpression): boolean {
  const helper = calledFunction(session, call);
  return calledName(call) === DELETE || (helper !== undefined && mayCall(session, helper, [DELETE]));
}

function isAttached({ kernel: { blocks } }: State, { value }: Block): boolean {
  return [...blocks.values()].some(
    ({ kind, life, base }) => kind === 'attachment' && life === 'live' && base?.key === value.key,
  );
}
