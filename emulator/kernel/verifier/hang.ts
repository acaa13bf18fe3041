/**
 * Nothing can go on any more: a finding that says what every thread waits for, which IRPs are out, and what is held open.
 * In: the kernel as it stands, and who should have ended. Out: the finding, which nobody has recorded yet.
 */
import { isInFlight } from '../io/irps.ts';
import { waitText } from '../ke/blocking.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { IrpRecord, Kernel, RunFinding } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';
import { makeFinding } from '../report.ts';
import { explainWait } from './wait-explanation.ts';

/** `blocked` is the thread that should have ended (DriverEntry, DriverUnload), where there is one. */
export function describeHang(kernel: Kernel, blocked: KernelThread | undefined): RunFinding {
  const waiting = [...kernel.parts.scheduler.threads.values()].filter((thread) => thread.wait !== undefined);
  const history: { what: string; span: RunFinding['span'] | undefined; statements: number }[] = [];
  for (const thread of waiting) {
    const span = kernel.machine.frames(thread.guest).find((frame) => frame.span !== undefined)?.span;
    history.push({ what: `${thread.name} ${waitText(kernel, thread)}`, span, statements: kernel.machine.statements });
  }
  for (const irp of kernel.irps.values())
    if (isInFlight(irp)) history.push({ what: irpText(irp), span: irp.sentAt, statements: 0 });
  const open = kernel.parts.tables.subsystems.flatMap((subsystem) => subsystem.openObjects(kernel));
  for (const what of open) history.push({ what: `still open: ${what}`, span: undefined, statements: 0 });
  const chief = blocked ?? waiting[0];
  const explanation = chief?.wait === undefined ? undefined : explainWait(kernel, chief);
  const what = chief === undefined ? 'nothing is left to run' : `${chief.name} ${waitText(kernel, chief)}`;
  const told = explanation?.history ?? [];
  const why = (explanation?.sentences ?? []).map((sentence) => ` ${sentence}`).join('');
  const tail = open.length === 0 ? '' : ` Still open: ${open.join(', ')}.`;
  const chiefSpan = chief === undefined ? undefined : spanOf(kernel, chief);
  const finding = makeFinding(kernel, {
    rule: explanation?.rule ?? 'hang',
    severity: 'error',
    message: `The driver can't go on: ${what}, and nobody is left who could end that.${polling(kernel)}${why}${tail}`,
    span: chiefSpan ?? currentSpan(kernel),
    ...(explanation === undefined || explanation.also.length === 0 ? {} : { also: explanation.also }),
    bugCheck: explanation?.bugCheck,
    history: [...told, ...history.filter(({ what: text }) => !told.some((one) => one.what === text))],
  });
  const stack = chief === undefined ? [] : kernel.machine.frames(chief.guest);
  return { ...finding, stack: stack.map(({ functionName: name, span }) => ({ functionName: name, span })) };
}

/** A loop that looks again and again for what nobody does. */
function polling({ parts: { scheduler } }: Kernel): string {
  const times = scheduler.lonelyWakes;
  const who = scheduler.threads.get(scheduler.runningId ?? 0)?.name;
  return times < 2 || who === undefined
    ? ''
    : ` Meanwhile ${who} has woken up ${times} times in a row with nothing else going on.`;
}

function spanOf(kernel: Kernel, thread: KernelThread): RunFinding['span'] | undefined {
  return kernel.machine.frames(thread.guest).find((frame) => frame.span !== undefined)?.span;
}

function irpText(irp: IrpRecord): string {
  return `IRP #${irp.id} is out with ${irp.call ?? 'a lower driver'}`;
}
