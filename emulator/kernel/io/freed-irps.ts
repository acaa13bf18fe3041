/**
 * The IRPs that were freed last: what falls out of the ring is forgotten.
 *
 * A driver frees thousands a second, and nobody asks for their histories until something goes wrong. As objects they would
 * be most of what the garbage collector copies, so the lines of a freed IRP's history go into columns, of which each place in
 * the ring has a stretch of its own; they are made into objects again when somebody asks.
 */
import type { Span } from '../../../base/source.ts';
import type { Region } from '../../machine/machine-types.ts';
import { NULL_ADDRESS } from '../../machine/native.ts';
import type { IrpRecord } from '../kernel-types.ts';

/** Records that are kept. */
const FREED_MAX = 4096;
/** Lines in columns; a longer history, which is rare, stays as it is. */
const LINES_MAX = 12;

type Line = IrpRecord['history'][number];

export interface FreedIrps {
  readonly records: IrpLife[];
  /** The record that fell out of the ring last, for the next IRP: records that live long are dear to the garbage collector. */
  spare: IrpLife | undefined;
  count: number;
  /** Made for all places when the first IRP is freed. */
  columns: Columns | undefined;
}

/** Of lines, by their number in all places. */
interface Columns {
  readonly whats: string[];
  readonly spans: (Span | undefined)[];
  readonly statements: Float64Array;
}

export function createFreedIrps(): FreedIrps {
  return { records: [], spare: undefined, count: 0, columns: undefined };
}

function createColumns(): Columns {
  const size = FREED_MAX * LINES_MAX;
  return {
    whats: new Array<string>(size).fill(''),
    spans: new Array<Span | undefined>(size).fill(undefined),
    statements: new Float64Array(size),
  };
}

/** Keeps a freed IRP in the place of the oldest one, which is returned. */
export function pushFreed(freed: FreedIrps, record: IrpLife): IrpLife | undefined {
  const at = freed.count++ % FREED_MAX;
  const oldest = freed.records[at];
  oldest?.forget();
  freed.records[at] = record;
  freed.columns ??= createColumns();
  record.pack(freed.columns, at * LINES_MAX);
  return oldest;
}

/** What is known of an IRP from the start, as its owner gives it. */
type FirstKnown = Pick<IrpRecord, 'id' | 'address' | 'stackSize' | 'owner' | 'allocatedAt'>;

/** The record of one IRP; its history may lie in the columns of `FreedIrps`. */
export class IrpLife implements IrpRecord {
  id = 0;
  address = NULL_ADDRESS;
  stackSize = 0;
  owner: IrpRecord['owner'] = 'driver';
  state: IrpRecord['state'] = 'idle';
  call: string | undefined = undefined;
  sentAt: Span | undefined = undefined;
  allocatedAt: Span | undefined = undefined;
  freedAt: Span | undefined = undefined;
  status: number | undefined = undefined;
  information: bigint | undefined = undefined;
  completionRoutine: IrpRecord['completionRoutine'] = undefined;
  completedAt: number | undefined = undefined;
  holder: IrpRecord['holder'] = undefined;
  // All that it may ever have: objects that get properties later are of so many kinds that V8 looks each of them up.
  sentFrom: number | undefined = undefined;
  isFreedByRoutine: boolean | undefined = undefined;
  request: number | undefined = undefined;
  sentControl: number | undefined = undefined;
  next: IrpRecord['next'] = undefined;
  routineSetAt: Span | undefined = undefined;
  lateCancelRoutineAt: Span | undefined = undefined;
  outputLength: number | undefined = undefined;
  lent: IrpRecord['lent'] = undefined;
  givenAway: IrpRecord['givenAway'] = undefined;
  /** Its memory, until it is freed; undefined where that is the driver's own. */
  region: Region | undefined = undefined;
  #lines: Line[] | undefined = [];
  #columns: Columns | undefined = undefined;
  #from = 0;
  #count = 0;

  constructor(known: FirstKnown) {
    this.#begin(known);
  }

  /** Becomes the record of another IRP. */
  renew(known: FirstKnown): void {
    this.#begin(known);
    this.state = 'idle';
    this.call = undefined;
    this.sentAt = undefined;
    this.freedAt = undefined;
    this.status = undefined;
    this.information = undefined;
    this.completionRoutine = undefined;
    this.completedAt = undefined;
    this.holder = undefined;
    this.sentFrom = undefined;
    this.isFreedByRoutine = undefined;
    this.request = undefined;
    this.sentControl = undefined;
    this.next = undefined;
    this.routineSetAt = undefined;
    this.lateCancelRoutineAt = undefined;
    this.outputLength = undefined;
    this.lent = undefined;
    this.givenAway = undefined;
    this.region = undefined;
    // A finding may have the old lines.
    this.#lines = [];
    this.#columns = undefined;
    this.#count = 0;
  }

  #begin(known: FirstKnown): void {
    this.id = known.id;
    this.address = known.address;
    this.stackSize = known.stackSize;
    this.owner = known.owner;
    this.allocatedAt = known.allocatedAt;
  }

  get history(): Line[] {
    return (this.#lines ??= this.#unpacked());
  }

  /** Puts the lines so far into columns, from `from` on. */
  pack(columns: Columns, from: number): void {
    const lines = this.history;
    if (lines.length > LINES_MAX) return;
    for (let i = 0; i < lines.length; i++) {
      const { what, span, statements } = lines[i] as Line;
      columns.whats[from + i] = what;
      columns.spans[from + i] = span;
      columns.statements[from + i] = statements;
    }
    this.#count = lines.length;
    this.#from = from;
    this.#columns = columns;
    this.#lines = undefined;
  }

  /** The columns are another IRP's from now on. */
  forget(): void {
    this.#count = 0;
  }

  #unpacked(): Line[] {
    const columns = this.#columns;
    const lines: Line[] = [];
    if (columns === undefined) return lines;
    for (let at = this.#from; at < this.#from + this.#count; at++)
      lines.push({ what: columns.whats[at] ?? '', span: columns.spans[at], statements: columns.statements[at] ?? 0 });
    return lines;
  }
}
