/**
 * The trace of a run as it is kept: events go in, events come out as they went in.
 *
 * A run of a hundred thousand IRPs makes a million events. As objects they would be most of what the garbage collector
 * looks at, so an event is kept as a row of numbers: texts and places are kept once and numbered, and so are the sets of
 * properties that events have (`Shape`). The object is made anew when somebody asks for it.
 */
import { assert } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { TraceDetail, TraceEvent, VirtualTimeNs } from './trace.ts';

/** Whether events are kept, or only counted: a run that nobody asks for its trace neither takes the time nor grows. */
export type TraceKeeping = 'kept' | 'counted';

export interface TraceLog {
  readonly keeping: TraceKeeping;
  /** Events that are kept. */
  readonly length: number;
  /** Counts an event in a log that keeps none. */
  tally(kind: TraceEvent['kind']): void;
  push(at: TraceMoment, detail: TraceDetail): void;
  /** The event with this sequence number. */
  at(sequence: number): TraceEvent | undefined;
  /** The events from this sequence number on. */
  slice(from: number): TraceEvent[];
  /** How many events of a kind there are. */
  count(kind: TraceEvent['kind']): number;
}

/** Where and when: what every event has but its number. */
export type TraceMoment = Pick<TraceEvent, 'timeNs' | 'statements' | 'thread' | 'irql' | 'span'>;

/** Properties of a kind's events in their order; `isText` says which of them are texts, the others are numbers. */
interface Shape {
  readonly number: number;
  readonly kind: TraceEvent['kind'];
  readonly keys: readonly string[];
  readonly isText: readonly boolean[];
  /** Texts of the last event with their numbers: many come again. */
  readonly lastTexts: string[];
  readonly lastNumbers: number[];
  /** Place of the last event with its number: events of a kind mostly come from one statement. */
  lastSpan: Span | undefined;
  lastSpanNumber: number;
  count: number;
}

/** Numbers of a row before its details: time, statements, thread's id and name, IRQL, place, shape. */
const MOMENT = 7;
/** Numbers that are kept together; a row never lies across two pieces. */
const PIECE = 1 << 16;

/** Things by number, each once. */
interface Numbered<T> {
  readonly items: T[];
  readonly numbers: Map<T, number>;
}

export function createTraceLog(keeping: TraceKeeping): TraceLog {
  return new CompactLog(keeping);
}

class CompactLog implements TraceLog {
  readonly keeping: TraceKeeping;
  /** Events of each kind that were not kept. */
  private readonly tallies: Partial<Record<TraceEvent['kind'], number>> = {};
  private readonly pieces: Float64Array[] = [];
  private used = PIECE;
  /** Where each row begins, over all pieces. */
  private readonly starts: Uint32Array[] = [];
  private rows = 0;
  private readonly texts = numbered<string>();
  private readonly spans = numbered<Span | undefined>();
  private lastThread = { name: '', number: numberOf(this.texts, '') };
  private readonly noSpan = numberOf(this.spans, undefined);
  private readonly shapes: Shape[] = [];
  private readonly shapesOf = new Map<string, { readonly shapes: Shape[]; latest: Shape }>();

  constructor(keeping: TraceKeeping) {
    this.keeping = keeping;
  }

  get length(): number {
    return this.rows;
  }

  tally(kind: TraceEvent['kind']): void {
    this.tallies[kind] = (this.tallies[kind] ?? 0) + 1;
  }

  push(at: TraceMoment, detail: TraceDetail): void {
    const known = this.shapesOf.get(detail.kind);
    // Nearly all events of a kind have the properties of the one before.
    if (known !== undefined && this.#write(at, detail, known.latest)) return;
    const isWritten = this.#write(at, detail, this.#shapeOf(detail));
    assert(isWritten, 'a detail fits the shape that was found or made for it');
  }

  /** Makes the row of an event; false, and no row, where the shape's keys are not those of the detail. */
  #write(at: TraceMoment, detail: TraceDetail, shape: Shape): boolean {
    const { keys } = shape;
    const piece = this.#room(MOMENT + keys.length);
    const start = this.used;
    const to = start + MOMENT;
    const values = detail as unknown as Readonly<Record<string, string | number>>;
    let count = 0;
    for (const key in values) {
      if (key === 'kind') continue;
      if (keys[count] !== key) return false;
      const value = values[key];
      piece[to + count] = typeof value === 'string' ? this.#textNumber(shape, count, value) : (value as number);
      count++;
    }
    if (count !== keys.length) return false;
    shape.count++;
    this.#note((this.pieces.length - 1) * PIECE + start);
    piece[start] = at.timeNs;
    piece[start + 1] = at.statements;
    piece[start + 2] = at.thread.id;
    piece[start + 3] = this.#threadNumber(at.thread.name);
    piece[start + 4] = at.irql;
    piece[start + 5] = this.#spanNumber(shape, at.span);
    piece[start + 6] = shape.number;
    this.used = to + count;
    return true;
  }

  #textNumber(shape: Shape, at: number, text: string): number {
    if (shape.lastTexts[at] !== text) {
      shape.lastTexts[at] = text;
      shape.lastNumbers[at] = numberOf(this.texts, text);
    }
    return shape.lastNumbers[at] as number;
  }

  /** Most events are of the thread of the one before. */
  #threadNumber(name: string): number {
    if (name !== this.lastThread.name) this.lastThread = { name, number: numberOf(this.texts, name) };
    return this.lastThread.number;
  }

  #spanNumber(shape: Shape, span: Span | undefined): number {
    if (span !== shape.lastSpan) {
      shape.lastSpan = span;
      shape.lastSpanNumber = numberOf(this.spans, span);
    }
    return shape.lastSpanNumber;
  }

  at(sequence: number): TraceEvent | undefined {
    if (sequence < 0 || sequence >= this.rows) return undefined;
    const start = (this.starts[Math.floor(sequence / PIECE)] as Uint32Array)[sequence % PIECE] as number;
    const piece = this.pieces[Math.floor(start / PIECE)] as Float64Array;
    const from = start % PIECE;
    const number = (i: number): number => piece[from + i] as number;
    const shape = this.shapes[number(6)] as Shape;
    const details: Record<string, string | number | undefined> = {};
    for (const [i, key] of shape.keys.entries()) {
      const value = number(MOMENT + i);
      details[key] = shape.isText[i] === true ? this.texts.items[value] : value;
    }
    const event = {
      sequence,
      timeNs: number(0) as VirtualTimeNs,
      statements: number(1),
      thread: { id: number(2), name: this.texts.items[number(3)] },
      irql: number(4),
      span: this.spans.items[number(5)],
      kind: shape.kind,
      ...details,
    };
    // It has the properties of the detail that went in.
    return event as unknown as TraceEvent;
  }

  slice(from: number): TraceEvent[] {
    const events: TraceEvent[] = [];
    for (let i = Math.max(0, from); i < this.rows; i++) events.push(this.at(i) as TraceEvent);
    return events;
  }

  count(kind: TraceEvent['kind']): number {
    const kept = this.shapes.reduce((sum, shape) => (shape.kind === kind ? sum + shape.count : sum), 0);
    return kept + (this.tallies[kind] ?? 0);
  }

  /** The piece that has room for a row of so many numbers at `used`. */
  #room(size: number): Float64Array {
    if (this.used + size > PIECE) {
      this.pieces.push(new Float64Array(PIECE));
      this.used = 0;
    }
    return this.pieces[this.pieces.length - 1] as Float64Array;
  }

  #note(start: number): void {
    const at = this.rows % PIECE;
    if (at === 0) this.starts.push(new Uint32Array(PIECE));
    (this.starts[this.starts.length - 1] as Uint32Array)[at] = start;
    this.rows++;
  }

  /** A kind has as many shapes as there are sets of its optional properties. */
  #shapeOf(detail: TraceDetail): Shape {
    const known = this.shapesOf.get(detail.kind);
    const fitting = known?.shapes.find((shape) => fits(detail, shape));
    if (known !== undefined && fitting !== undefined) {
      known.latest = fitting;
      return fitting;
    }
    const entries = Object.entries(detail).filter(([key]) => key !== 'kind');
    for (const [key, value] of entries)
      assert(typeof value === 'string' || typeof value === 'number', `${detail.kind}: ${key} is a text or a number`);
    const shape: Shape = {
      number: this.shapes.length,
      kind: detail.kind,
      keys: entries.map(([key]) => key),
      isText: entries.map(([, value]) => typeof value === 'string'),
      lastTexts: entries.map(() => ''),
      lastNumbers: entries.map(() => numberOf(this.texts, '')),
      lastSpan: undefined,
      lastSpanNumber: this.noSpan,
      count: 0,
    };
    this.shapes.push(shape);
    if (known === undefined) this.shapesOf.set(detail.kind, { shapes: [shape], latest: shape });
    else {
      known.shapes.push(shape);
      known.latest = shape;
    }
    return shape;
  }
}

/** The shape's properties are those that the detail has, in the same order. */
function fits(detail: TraceDetail, shape: Shape): boolean {
  let at = 0;
  for (const key in detail) {
    if (key === 'kind') continue;
    if (shape.keys[at] !== key) return false;
    at++;
  }
  return at === shape.keys.length;
}

function numbered<T>(): Numbered<T> {
  return { items: [], numbers: new Map() };
}

function numberOf<T>(known: Numbered<T>, item: T): number {
  const number = known.numbers.get(item);
  if (number !== undefined) return number;
  const added = known.items.push(item) - 1;
  known.numbers.set(item, added);
  return added;
}
