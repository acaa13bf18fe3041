/**
 * The run's events for people: as lines of the console, and for the client's picture the latest ones, before them one
 * for each IRP that was under way already, since what is stuck is often the oldest of all.
 */
import {
  eventText,
  type IrpInfo,
  isInTimeline,
  type Run,
  type TraceEvent,
  type TraceNames,
  timelineText,
} from '../../emulator/index.ts';
import type { Client } from '../client.ts';
import type { ProtocolStep } from '../protocol.ts';
import { placed } from './irps.ts';

/** The picture is looked at after every stop. */
const EVENTS_MAX = 1000;

export function timelineLines(run: Run, count: number): string[] {
  return run
    .trace(0)
    .flatMap((event) => timelineText(event, namesOf(run)) ?? [])
    .slice(-count);
}

export function timelineSteps(run: Run, client: Client): ProtocolStep[] {
  const from = Math.max(0, run.traceLength - EVENTS_MAX);
  const events = run.trace(from).filter(isInTimeline);
  const told = new Set(events.flatMap((event) => ('irp' in event ? event.irp : [])));
  const older = from === 0 ? [] : run.irps().filter(({ id, state }) => !told.has(id) && kinds[state] !== undefined);
  return [...older.map((irp) => olderStep(irp, client)), ...events.map((event) => stepOf(event, run, client))];
}

function stepOf(event: TraceEvent, run: Run, client: Client): ProtocolStep {
  const names = namesOf(run);
  const { sequence, kind, span } = event;
  return {
    sequence,
    kind,
    ...('irp' in event ? { irp: event.irp } : {}),
    ...('status' in event && event.status !== undefined ? { status: event.status } : {}),
    text: eventText(event, names),
    line: (timelineText(event, names) ?? '').trim().replace(/ {2,}/g, '  '),
    // The statement that causes it is the last of those that are counted; what the kernel does of its own lies between two.
    statements: span === undefined ? event.statements : Math.max(0, event.statements - 1),
    ...placed('place', span, client),
  };
}

/** What an IRP that is not over has last been through. */
const kinds: Readonly<Partial<Record<IrpInfo['state'], TraceEvent['kind']>>> = {
  idle: 'irp-allocated',
  sent: 'irp-sent',
  pending: 'irp-returned',
  completing: 'completion-routine',
};

function olderStep({ id, state, call, history, issuedAt }: IrpInfo, client: Client): ProtocolStep {
  const text = `IRP #${id}   ${call === undefined ? '' : `${call}: `}${state}`;
  return {
    sequence: -1,
    kind: kinds[state] ?? '',
    irp: id,
    text,
    line: text,
    statements: Math.max(0, (history.at(-1)?.statements ?? 0) - 1),
    ...placed('place', issuedAt, client),
  };
}

function namesOf(run: Run): TraceNames {
  return { path: ({ file }) => file.path.replace(/^.*[\\/]/, ''), status: (code) => run.statusName(code) };
}
