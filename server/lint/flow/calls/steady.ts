/**
 * What stays where it is while a function waits. Other code runs then, and may change all that it can reach; but a socket,
 * an IRP of the driver's own, an MDL or a list of addresses that lies in a member is put there by those who make it, and
 * where no code that runs by itself stores any such pointer, it is the same afterwards. So is a number that the function has put
 * into a member, as a flag that says how far it has come, where nobody else writes a member of that name.
 */
import { memo } from '../../../../base/memo.ts';
import { storesBesides, storesByItself } from '../../driver/reach.ts';
import type { Run } from '../run/run.ts';
import type { Steady } from '../state/memory.ts';

export const steadyIn = memo(({ session, fn }: Run): Steady => {
  const areSocketsLeft = !storesByItself(session, fn, '_WSK_SOCKET');
  const areIrpsLeft = !storesByItself(session, fn, '_IRP');
  const areListsLeft = !storesByItself(session, fn, 'addrinfoexW');
  const areMdlsLeft = !storesByItself(session, fn, '_MDL');
  return (state, { value: { key }, name }) => {
    if (name !== undefined) return !storesBesides(session, fn, name);
    if (state.wsk.sockets.has(key) || state.wsk.closed.has(key)) return areSocketsLeft;
    const kind = state.kernel.blocks.get(key)?.kind;
    if (kind === 'address-list') return areListsLeft;
    if (kind === 'mdl') return areMdlsLeft;
    const fact = state.facts.get(key);
    // One that lay there and has been sent is the sender's, as far as anybody can see.
    const isOwn = fact?.origin === 'own' || (fact?.origin === 'unknown' && fact.life.kind === 'sent');
    return isOwn && areIrpsLeft;
  };
});
