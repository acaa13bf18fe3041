/**
 * A function of the driver or of the kernel, called from a debugger's expression: `IoGetCurrentIrpStackLocation(Irp)`.
 *
 * It runs for a while on a stack of its own, in the place of the thread that is looked at (its IRQL, its process), and
 * what it has changed is put back when it has returned, so that looking changes nothing. What it would wait for does not
 * come, since nobody else runs meanwhile; that, a mistake and a limit of statements end the call with a message.
 */
import type { Kernel } from '../kernel/kernel-types.ts';
import type { RunStop } from '../machine/machine-types.ts';
import type { GuestAddress } from '../machine/native.ts';
import { putBack } from '../run/checkpoint.ts';
import type { RunContext } from '../run/context.ts';
import { saveRun } from '../run/saved-run.ts';
import type { FoundFrame } from './frames.ts';

const STATEMENTS_MAX = 200_000;
/** How often natives may let others have their turn: a call without a statement counts, too. */
const YIELDS_MAX = 1000;

export function callFunction(
  context: RunContext,
  found: FoundFrame | undefined,
  entry: GuestAddress,
  values: readonly bigint[],
): { readonly value: bigint } | { readonly error: string } {
  const { kernel } = context;
  const { scheduler } = kernel.parts;
  const name = kernel.machine.codeAt(entry)?.name;
  if (name === undefined) return { error: 'there is no function at that address' };
  const caller = found === undefined ? undefined : scheduler.threads.get(found.thread.id);
  if (caller === undefined) return { error: `${name} can be called where a thread has stopped only` };
  const saved = saveRun(context);
  try {
    const guest = kernel.machine.createThread({ name: caller.name, entry, arguments: values });
    const irql = kernel.current?.id === caller.id ? kernel.machine.irql : caller.irql;
    scheduler.threads.set(guest.id, { ...caller, id: guest.id, guest, wait: undefined, irql });
    scheduler.runningId = guest.id;
    kernel.current = guest;
    kernel.machine.irql = irql;
    kernel.machine.shouldPause = () => false;
    kernel.machine.breaksAtInstruction = () => false;
    const before = kernel.findings.length;
    let stop: RunStop = { kind: 'yielded' };
    for (let i = 0; i < YIELDS_MAX && stop.kind === 'yielded'; i++) stop = kernel.machine.run(guest, STATEMENTS_MAX);
    const mistake = kernel.findings.slice(before).find(({ severity }) => severity === 'error');
    if (mistake !== undefined) return { error: mistake.message };
    return stop.kind === 'ended' ? { value: guest.result } : { error: whyNot(kernel, name, stop) };
  } finally {
    putBack(saved);
  }
}

function whyNot(kernel: Kernel, name: string, stop: RunStop): string {
  switch (stop.kind) {
    case 'fault':
      return kernel.faultFinding(stop.fault).message;
    case 'blocked':
      return `${name} waits for something, and nobody else runs while an expression is computed`;
    default:
      return `${name} does not return from here`;
  }
}
