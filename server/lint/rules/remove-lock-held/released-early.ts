/**
 * Bug 15: the remove lock is given back when the dispatch routine returns, while a request that it has sent is still under
 * way, whose completion routine looks into the device's extension. In: a release of the lock. Out: a report for it.
 *
 * Who takes the lock a second time, or has the routine release something, holds the device in another way; the end of a
 * request of the driver's own is waited for where its routine says so.
 */

import type { FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { mayCall } from '../../driver/reach.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import type { Released } from '../../flow/facts/kernel.ts';
import { OFFSET } from '../../flow/facts/layout.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { isSameRoot, placeAt, type Root } from '../../flow/values/values.ts';
import type { CheckContext } from '../../rule.ts';
import { COMPLETION, exchanges, looksBehind } from '../../ways/routine-context.ts';

export function checkRelease({ lock, api, where }: Released, { state, fn, session, report }: CheckContext): void {
  const held = state.kernel.held.get(lock.key);
  const root = placeAt(lock)?.root;
  if (held === undefined || root?.kind !== 'pointee') return;
  for (const fact of state.facts.values()) {
    const { life, routine } = fact;
    if (life.kind !== 'sent' || routine.kind !== 'set' || routine.value.kind !== 'function') continue;
    const info = session.functionOf(routine.value.symbol);
    if (info === undefined || !mayBePending(state, life) || !needs(fact, info.definition, root)) continue;
    const { name } = info.definition.symbol;
    report({
      where,
      message: `${api} gives the remove lock back while ${life.api} may still be pending: the device can be removed before ${name} runs, which then looks into an extension that is gone.`,
      path: [
        ...pathTo(held.where, `${held.api} takes it here`),
        ...pathTo(routine.where, `${name} is set here`),
        ...pathTo(life.where, `${life.api} may return STATUS_PENDING here`),
      ],
      severity: 'warning',
      once: siteKey(where),
      when: () =>
        !mayCall(session, info, [...releases, ...exchanges, ...(fact.origin === 'received' ? [] : signals)]) &&
        nodesIn(fn.definition, 'call').filter((call) => calledName(call)?.startsWith('IoAcquireRemoveLock')).length < 2,
    });
    return;
  }
}

const releases = [
  'IoReleaseRemoveLock',
  'IoReleaseRemoveLockEx',
  'ExReleaseRundownProtection',
  'InterlockedDecrement',
  '_InterlockedDecrement',
];

const signals = ['KeSetEvent', 'KeReleaseSemaphore'];

/** The routine looks into the extension in which the lock lies. */
function needs({ routine, origin }: IrpFact, definition: FunctionDefinition, extension: Root): boolean {
  if (routine.kind !== 'set') return false;
  const context = placeAt(routine.context)?.root;
  if (context !== undefined && isSameRoot(context, extension)) return looksBehind(definition, COMPLETION.context);
  // The device that a request from above came to is what the routine is given.
  return origin === 'received' && isOfDevice(extension) && looksBehind(definition, COMPLETION.device);
}

/** The extension of the function's own device. */
function isOfDevice(root: Root): boolean {
  if (root.kind !== 'pointee' || root.pointer.source.kind !== 'initial') return false;
  const { root: device, offset } = root.pointer.source.place;
  return (
    device.kind === 'pointee' &&
    device.pointer.source.kind === 'parameter' &&
    device.pointer.source.index === 0 &&
    offset === OFFSET['_DEVICE_OBJECT.DeviceExtension']
  );
}
