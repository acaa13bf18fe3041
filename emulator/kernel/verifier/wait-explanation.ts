/**
 * Why a wait never ends: what would have ended it, why that does not come, and so on along the chain, until it closes to a
 * circle or comes to something outside of the driver.
 */
import type { GuestAddress } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { usersBehind } from '../ex/rundown.ts';
import { waitText } from '../ke/blocking.ts';
import { satisfiedBy } from '../ke/dispatcher.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { describeAddress, functionName, shortPlace } from '../places.ts';
import { statusText } from '../status-names.ts';
import { type Signaller, signallersOf } from './signallers.ts';
import { threadPlace } from './thread-place.ts';
import { obstaclesOf } from './wait-cycles.ts';

export interface WaitExplanation {
  /** Threads in a circle; a signal that came and went before the wait; or neither. */
  readonly rule: 'deadlock' | 'lost-wake-up' | 'hang';
  /** Whole sentences, the nearest cause first. */
  readonly sentences: readonly string[];
  readonly history: RunFinding['history'];
  /** What Windows' own checks call it, where they have a name for just this. */
  readonly also: readonly string[];
  readonly bugCheck: RunFinding['bugCheck'];
}

interface Chain {
  readonly seen: Set<KernelThread>;
  /** From the first thread to the one that is looked at: who comes up again closes a circle. */
  readonly path: KernelThread[];
  readonly sentences: string[];
  readonly history: { what: string; span: RunFinding['span'] | undefined; statements: number }[];
  rule: WaitExplanation['rule'];
  also: readonly string[];
  bugCheck: RunFinding['bugCheck'];
}

export function explainWait(kernel: Kernel, thread: KernelThread): WaitExplanation {
  const chain: Chain = {
    seen: new Set(),
    path: [],
    sentences: [],
    history: [],
    rule: 'hang',
    also: [],
    bugCheck: undefined,
  };
  follow(kernel, chain, thread);
  const { rule, sentences, history, also } = chain;
  return { rule, sentences, history, also, bugCheck: chain.bugCheck };
}

/** One thread's wait, and then that of whoever should end it. Ends because each thread is followed once. */
function follow(kernel: Kernel, chain: Chain, thread: KernelThread): void {
  chain.seen.add(thread);
  chain.path.push(thread);
  note(kernel, chain, `${thread.name} ${waitText(kernel, thread)}`, threadPlace(kernel, thread));
  const obstacles = obstaclesOf(kernel, thread);
  for (const obstacle of obstacles) {
    const isEnd = obstacle.what === 'end';
    if (!isEnd) note(kernel, chain, `${obstacle.thread.name} took ${obstacle.what} here`, obstacle.takenAt);
    chain.sentences.push(
      `${capital(isEnd ? `the end of ${obstacle.thread.name}` : `${obstacle.what} is held by ${obstacle.thread.name}, and that`)} does not come: it ${stateOf(kernel, obstacle.thread)}.`,
    );
    goOn(kernel, chain, obstacle.thread);
  }
  if (thread.wait?.kind === 'key') {
    const users = usersBehind(kernel, thread.wait.key);
    chain.history.push(...users);
    const [first] = users;
    if (first !== undefined)
      chain.sentences.push(`It was ${first.what.replace('here', `here${at(first.span)}`).replace('here at', 'at')}.`);
  }
  if (obstacles.length === 0 && thread.wait?.kind === 'objects') explainObjects(kernel, chain, thread, thread.wait);
  chain.path.pop();
}

type ObjectsWait = Extract<NonNullable<KernelThread['wait']>, { kind: 'objects' }>;

/** Of several objects each is called by its name; a wait for all of them lacks those that are not signalled. */
function explainObjects(kernel: Kernel, chain: Chain, thread: KernelThread, { objects, type }: ObjectsWait): void {
  for (const object of objects) {
    const name = describeAddress(kernel, object);
    if (type === 'all' && objects.length > 1 && satisfiedBy(kernel, thread, [object], 'any') !== undefined) {
      chain.sentences.push(`${name} is signalled.`);
      continue;
    }
    explainObject(kernel, chain, thread, object, { name, subject: objects.length > 1 ? name : 'it' });
  }
}

function goOn(kernel: Kernel, chain: Chain, thread: KernelThread): void {
  if (chain.path.includes(thread)) chain.rule = chain.rule === 'hang' ? 'deadlock' : chain.rule;
  else if (!chain.seen.has(thread) && thread.wait !== undefined) follow(kernel, chain, thread);
}

/** What sentences call an object: its name, and what stands for it where only one is talked of. */
interface Called {
  readonly name: string;
  readonly subject: string;
}

function explainObject(kernel: Kernel, chain: Chain, thread: KernelThread, object: GuestAddress, called: Called): void {
  const record = kernel.parts.dispatchers.get(object);
  if (record === undefined || record.kind === 'mutex' || record.kind === 'thread' || record.kind === 'process') return;
  const { name, subject } = called;
  const { cleared, signalledAt } = record;
  const isLost = cleared !== undefined && cleared.by !== 'wait' && !record.isSignalUsed;
  if (isLost) {
    note(kernel, chain, `${name} was signalled here`, signalledAt);
    note(kernel, chain, `${cleared.threadName} took the signal back with ${cleared.by}`, cleared.span);
    if (chain.rule === 'hang') chain.rule = 'lost-wake-up';
    chain.sentences.push(
      cleared.by === 'KePulseEvent'
        ? `${name} was signalled with KePulseEvent${at(cleared.span)} when nobody waited for it: a pulse wakes only those who wait already.`
        : `${name} was signalled${at(signalledAt)}, but ${cleared.by}${at(cleared.span)} took the signal back before anybody had waited for it.`,
    );
  } else if (cleared?.by === 'wait')
    chain.sentences.push(
      `${subject === 'it' ? 'Its last signal' : `The last signal of ${name}`}${at(signalledAt)} let ${cleared.threadName} through, and no other.`,
    );
  const signallers = signallersOf(kernel, object, thread);
  if (signallers.length === 0 && !isLost && signalledAt === undefined)
    chain.sentences.push(`Nothing has signalled ${name}, and no call in the driver that could is on its way.`);
  for (const signaller of signallers.slice(0, signallersMax))
    explainSignaller(kernel, chain, called, signaller, signallers.length === 1);
}

/** Signallers of one object that are told. */
const signallersMax = 4;

function explainSignaller(kernel: Kernel, chain: Chain, called: Called, signaller: Signaller, isOnly: boolean): void {
  const { name, subject } = called;
  const only = isOnly ? ' only' : '';
  switch (signaller.kind) {
    case 'irp': {
      const { irp, routine, site } = signaller;
      const who =
        routine === undefined
          ? `the completion of IRP #${irp.id}`
          : `${routine}, the completion routine of IRP #${irp.id},`;
      const where = irp.call ?? 'a lower driver';
      chain.sentences.push(
        `${sentenceStart(subject)} is signalled${only} by ${who}${routine === undefined ? '' : at(site)}, which is pending in ${where}${irp.sentAt === undefined ? '' : `, called${at(irp.sentAt)}`}.`,
      );
      note(kernel, chain, `IRP #${irp.id} is out with ${where}`, irp.sentAt);
      if (routine !== undefined) note(kernel, chain, `${routine} would signal ${name} here`, site);
      return;
    }
    case 'thread': {
      const { thread, site } = signaller;
      chain.sentences.push(
        `${sentenceStart(subject)} is signalled${only} by ${thread.name}${at(site)}, which ${stateOf(kernel, thread)}.`,
      );
      note(kernel, chain, `${thread.name} would signal ${name} here`, site);
      goOn(kernel, chain, thread);
      return;
    }
    case 'unset': {
      const { irp, failure, site } = signaller;
      const routine = functionName(kernel, failure.routine);
      chain.sentences.push(
        `${routine} signals ${subject}${at(site)}, but it was never set for IRP #${irp.id}: IoSetCompletionRoutineEx${at(failure.span)} gave ${statusText(kernel, failure.status)}, and the IRP was sent all the same. Look at its status before IoCallDriver.`,
      );
      note(kernel, chain, `IoSetCompletionRoutineEx failed here for IRP #${irp.id}`, failure.span);
      note(kernel, chain, `IRP #${irp.id} was sent here`, irp.sentAt);
      chain.also = ['IoSetCompletionRoutineExCheck', '0xC4/0x4100F'];
      chain.bugCheck ??= bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x4100f, irp.address, failure.routine);
      return;
    }
    case 'call':
      chain.sentences.push(
        `${signaller.functionName} signals ${subject}${at(signaller.site)}, but nothing is left that runs it.`,
      );
      note(kernel, chain, `${signaller.call} in ${signaller.functionName} would signal ${name}`, signaller.site);
  }
}

function stateOf(kernel: Kernel, thread: KernelThread): string {
  return thread.wait === undefined ? 'has not come to it' : waitText(kernel, thread);
}

function note(kernel: Kernel, chain: Chain, what: string, span: RunFinding['span'] | undefined): void {
  chain.history.push({ what, span, statements: kernel.machine.statements });
}

function at(span: RunFinding['span'] | undefined): string {
  return span === undefined ? '' : ` at ${shortPlace(span)}`;
}

/** A name of the driver's keeps its spelling. */
function sentenceStart(subject: string): string {
  return subject === 'it' ? 'It' : subject;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
