/**
 * A request is passed on after the remove lock that was taken for it was released: from the release on the device may be
 * removed, and with it the extension that says which device is below. In: a call that sends an IRP. Out: a report for it.
 *
 * Who waits for the other holders removes the device himself, and requests of Plug and Play come one after the other.
 */

import { majorsOf } from '../../driver/roles.ts';
import type { SendEvent } from '../../flow/facts/events.ts';
import type { Released } from '../../flow/facts/kernel.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { CheckContext } from '../../rule.ts';

export function checkSend({ api, irp, where }: SendEvent, { state, fn, session, report }: CheckContext): void {
  const { held, ended, isVague } = state.kernel;
  if (isVague || ended.size === 0 || state.facts.get(irp.key)?.origin !== 'received') return;
  if ([...held.values()].some(({ kind }) => kind === 'remove-lock')) return;
  const [released] = [...ended].flatMap(([key, at]) => (state.marks.has(given(key)) ? [at] : []));
  if (released === undefined) return;
  report({
    where,
    message: `${api} passes the request on after the remove lock was given back: the device can be removed before that, and then the extension is gone that leads to the device below.`,
    path: [...pathTo(released, 'The remove lock is released here'), ...pathTo(where, 'The request is passed on here')],
    severity: 'warning',
    once: siteKey(where),
    when: () => majorsOf(session, fn)?.has(IRP_MJ_PNP) !== true,
  });
}

const IRP_MJ_PNP = 0x1bn;

/** Notes a release on its way. */
export function noteRelease({ lock, api }: Released, { state }: CheckContext): void {
  if (api.includes('AndWait')) state.marks.delete(given(lock.key));
  else state.marks.add(given(lock.key));
}

/** The mark of a way on which the lock of this key was released by somebody who did not wait for the others. */
function given(key: string): string {
  return `given-back@${key}`;
}
