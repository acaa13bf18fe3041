/**
 * One trace event as one JSON line. Keys stand in a fixed order (what every event has, then what its kind adds, as
 * `trace.ts` declares it), and places read `file:line:column`, so that equal runs give equal bytes.
 */
import { positionAt, type Span } from '../../base/source.ts';
import type { TraceEvent } from './trace.ts';

/** How an event's numbers and places are written for people and files; comes from outside, as paths do. */
export interface TraceNames {
  /** The path that a reader should see, relative and with forward slashes. */
  path(span: Span): string;
  /** "STATUS_PENDING"; undefined where the value has no name. */
  status(code: number): string | undefined;
}

export function traceLine(event: TraceEvent, names: TraceNames): string {
  const { sequence, timeNs, statements, thread, irql, span, kind, ...details } = event;
  const place = span === undefined ? {} : { place: placeOf(span, names) };
  const base = { sequence, timeNs, statements, thread: thread.id, threadName: thread.name, irql, ...place, kind };
  return JSON.stringify({ ...base, ...details });
}

/** `listen.c:41:12`, from 1. */
function placeOf(span: Span, names: TraceNames): string {
  const { line, column } = positionAt(span.file, span.start);
  return `${names.path(span)}:${line + 1}:${column + 1}`;
}
