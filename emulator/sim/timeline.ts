/**
 * One trace event as the line of text that `wsk run` prints: time, thread, IRQL, and what happened. Events that only
 * tools need (choices, thread switches) give no line. A thread's column has a fixed width, so that lines stay aligned
 * while they are printed one by one.
 */

import { unreachable } from '../../base/assert.ts';
import { countText } from '../../base/count.ts';
import { positionAt, type Span } from '../../base/source.ts';
import type { TraceEvent } from './trace.ts';
import type { TraceNames } from './trace-line.ts';

const threadWidth = 18;
const irqlNames = ['PASSIVE', 'APC', 'DISPATCH'];

export function timelineText(event: TraceEvent, names: TraceNames): string | undefined {
  if (!isInTimeline(event)) return undefined;
  const text = eventText(event, names);
  const time = `${(event.timeNs / 1e6).toFixed(3)} ms`.padStart(12);
  const thread = clip(event.thread.name, threadWidth).padEnd(threadWidth);
  const irql = (irqlNames[event.irql] ?? `IRQL ${event.irql}`).padEnd(8);
  return `${time}  ${thread}  ${irql}  ${text}`;
}

/** Whether there is a line of the event. What the wire tells of as well is not told twice. */
export function isInTimeline(event: TraceEvent): boolean {
  switch (event.kind) {
    case 'thread':
      return event.what !== 'waits' && event.what !== 'resumes';
    case 'choice':
      return false;
    case 'outside':
      return event.what !== 'bytes' && event.what !== 'taken' && event.what !== 'datagram';
    default:
      return true;
  }
}

/** What happened, without when and where; "" where there is no line of it. */
export function eventText(event: TraceEvent, names: TraceNames): string {
  switch (event.kind) {
    case 'phase':
      return phaseText(event, names);
    case 'log':
      return `"${event.text}"`;
    case 'irp-allocated':
      return `IRP #${event.irp} allocated, ${countText(event.stackSize, 'stack location')}${at(event.span, names)}`;
    case 'irp-sent':
      return `IRP #${event.irp} → ${event.call}${about(event.subject)}${on(event.object)}${at(event.span, names)}`;
    case 'irp-returned':
      return `IRP #${event.irp}   ${event.call} returns ${statusText(event.status, names)}`;
    case 'irp-completed':
      return `IRP #${event.irp} completes ${statusText(event.status, names)}, Information = ${event.information}`;
    case 'completion-routine':
      return `IRP #${event.irp} → completion routine ${event.routine}`;
    case 'completion-returned':
      return `IRP #${event.irp} ← ${event.routine} returns ${statusText(event.status, names)}`;
    case 'irp-reused':
      return `IRP #${event.irp} reused${at(event.span, names)}`;
    case 'irp-cancelled':
      return `IRP #${event.irp} cancelled${at(event.span, names)}`;
    case 'irp-freed':
      return `IRP #${event.irp} freed${at(event.span, names)}`;
    case 'socket':
      return `socket #${event.socket} ${event.what}${event.detail === '' ? '' : `: ${event.detail}`}`;
    case 'caller':
      return `${event.caller}: ${event.what}`;
    case 'network':
      return `network: ${event.detail}`;
    case 'outside':
      return outsideText(event);
    case 'thread':
      return `thread ${event.what}: ${event.detail}`;
    case 'choice':
      return '';
    case 'finding':
      return `✗ ${event.rule}: ${event.message}${at(event.span, names)}`;
    default:
      return unreachable(event);
  }
}

function outsideText(event: TraceEvent & { readonly kind: 'outside' }): string {
  switch (event.what) {
    case 'bytes':
    case 'taken':
    case 'datagram':
      return '';
    case 'open':
      return `outside: connection ${event.channel} from ${event.from} to ${event.to}`;
    case 'opened':
    case 'refused':
      return `outside: connection ${event.channel} was ${event.what === 'opened' ? 'accepted' : 'refused'}`;
    case 'end':
    case 'reset':
      return `outside: connection ${event.channel} ${event.what === 'end' ? 'ends its direction' : 'is reset'}`;
    case 'unload':
      return 'outside: the driver is to be unloaded';
    case 'close':
      return 'outside: nothing more comes';
    default:
      return unreachable(event.what);
  }
}

/** The two top bits of a status are its severity; 2 is a warning, with which a driver is not loaded either. */
function isFailure(status: number | undefined): boolean {
  return status !== undefined && status >>> 30 >= 2;
}

function phaseText(event: TraceEvent & { readonly kind: 'phase' }, names: TraceNames): string {
  const status = event.status === undefined ? '' : `, ${statusText(event.status, names)}`;
  switch (event.phase) {
    case 'driver-entry':
      return '── DriverEntry ──';
    case 'driver-loaded':
      return `── driver ${isFailure(event.status) ? 'not loaded' : 'loaded'}${status} ──`;
    case 'unload':
      return '── DriverUnload ──';
    case 'unloaded':
      return '── driver unloaded ──';
    case 'main':
      return '── main ──';
    case 'end':
      return '── end ──';
    default:
      return unreachable(event.phase);
  }
}

function statusText(status: number, names: TraceNames): string {
  return names.status(status) ?? `0x${(status >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}

function at(span: Span | undefined, names: TraceNames): string {
  if (span === undefined) return '';
  const path = names.path(span);
  return ` (${path.slice(path.lastIndexOf('/') + 1)}:${positionAt(span.file, span.start).line + 1})`;
}

function about(subject: string | undefined): string {
  return subject === undefined ? '' : `(${subject})`;
}

function on(object: string): string {
  return object === '' ? '' : ` on ${object}`;
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
