/**
 * The IRPs that were freed last: what falls out of the ring is forgotten.
 *
 * A driver frees thousands a second, and nobody asks for their histories until something goes wrong. As objects the lines
 * would be most of what the garbage collector copies, so a record keeps their parts in one list, which it fills anew
 * when it becomes that of another IRP; they are made into objects when somebody asks.
 */
import type { Span } from '../../../base/source.ts';
import type { Region } from '../../machine/machine-types.ts';
import { NULL_ADDRESS } from '../../machine/native.ts';
import type { IrpRecord } from '../kernel-types.ts';

/** Records that are kept. */
const FREED_MAX = 4096;
/** Lines that are kept of one IRP: the first, which says where it comes from, and the latest. */
const LINES_MAX = 60;

/** Room for the lines of an IRP that is allocated, sent, completed and freed. */
const USUAL_LINES = 8;

type Line = IrpRecord['history'][number];
/** Where, when, and what it says in four pieces: most lines differ from those of other IRPs in a name only. */
type LinePart = string | Span | number | undefined;
const PARTS = 6;

export interface FreedIrps {
  readonly records: IrpLife[];
  /**
   * The record that fell out of the ring last, for the next IRP: records that live long are dear to the garbage
   * collector.
   */
  spare: IrpLife | undefined;
  count: number;
}

export function createFreedIrps(): FreedIrps {
  return { records: [], spare: undefined, count: 0 };
}

/** Keeps a freed IRP in the place of the oldest one, which is returned. */
export function pushFreed(freed: FreedIrps, record: IrpLife): IrpLife | undefined {
  const at = freed.count++ % FREED_MAX;
  const oldest = freed.records[at];
  freed.records[at] = record;
  return oldest;
}

/** What is known of an IRP from the start, as its owner gives it. */
type FirstKnown = Pick<IrpRecord, 'id' | 'address' | 'stackSize' | 'owner' | 'allocatedAt'>;

/** The record of one IRP. */
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
  routineLocation: number | undefined = undefined;
  routineFailure: IrpRecord['routineFailure'] = undefined;
  lateCancelRoutineAt: Span | undefined = undefined;
  outputLength: number | undefined = undefined;
  lent: IrpRecord['lent'] = undefined;
  givenAway: IrpRecord['givenAway'] = undefined;
  /** Its memory, until it is freed; undefined where that is the driver's own. */
  region: Region | undefined = undefined;
  /** Its address has become that of another IRP. */
  isReplaced = false;
  // Lines of its history, the parts of each one after the other; beyond the count they are another IRP's, whose record
  // this was. The first line stays; where there are as many as are kept, the others are a ring that begins at `oldest`.
  private readonly lines: LinePart[] = new Array<LinePart>(USUAL_LINES * PARTS).fill(undefined);
  private count = 0;
  private oldest = 0;

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
    this.routineLocation = undefined;
    this.routineFailure = undefined;
    this.lateCancelRoutineAt = undefined;
    this.outputLength = undefined;
    this.lent = undefined;
    this.givenAway = undefined;
    this.region = undefined;
    this.isReplaced = false;
    this.count = 0;
    this.oldest = 0;
  }

  #begin(known: FirstKnown): void {
    this.id = known.id;
    this.address = known.address;
    this.stackSize = known.stackSize;
    this.owner = known.owner;
    this.allocatedAt = known.allocatedAt;
  }

  get history(): Line[] {
    return Array.from({ length: this.count }, (_, i) => {
      const place = i === 0 ? 0 : 1 + ((this.oldest + i - 1) % (LINES_MAX - 1));
      return this.#line(place * PARTS);
    });
  }

  get origin(): string | undefined {
    return this.count === 0 ? undefined : this.#line(0).what;
  }

  remember(what: string, span: Span | undefined, statements: number, name = '', after = '', object = ''): void {
    const { lines } = this;
    const at = this.#nextPlace() * PARTS;
    lines[at] = span;
    lines[at + 1] = statements;
    lines[at + 2] = what;
    lines[at + 3] = name;
    lines[at + 4] = after;
    lines[at + 5] = object;
  }

  #nextPlace(): number {
    if (this.count < LINES_MAX) return this.count++;
    const place = 1 + this.oldest;
    this.oldest = place % (LINES_MAX - 1);
    return place;
  }

  #line(at: number): Line {
    // As `remember` has put them there.
    const what = (this.lines.slice(at + 2, at + PARTS) as string[]).join('');
    const span = this.lines[at] as Span | undefined;
    return { what, span, statements: this.lines[at + 1] as number };
  }
}
