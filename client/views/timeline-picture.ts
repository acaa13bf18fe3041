/**
 * The picture "IRP Timeline": events of a run in, an SVG out. Each event is a row, each IRP a lane beside the rows, from
 * the event that it begins with to the one that it is over with. What a row or a piece of a lane looks like is said by
 * media/timeline.css, whose classes are the kinds of the trace's events.
 */
import type { ProtocolStep, TimelineResponse } from '../../debugger/protocol.ts';

export interface Timeline {
  readonly steps: readonly ProtocolStep[];
  /** So many of them have happened where the run stands; what follows is how it went on before somebody went back. */
  readonly happened: number;
  /** The one that the run stands at: the one that it causes next, or the last that has happened. */
  readonly now: number;
  readonly changes: number;
}

export const noTimeline: Timeline = { steps: [], happened: 0, now: -1, changes: 0 };

/** What the run tells where it stands, and behind that what an earlier answer told of the same run. */
export function timelineOf({ steps, place, changes }: TimelineResponse, before: Timeline): Timeline {
  const last = steps.at(-1)?.sequence ?? -1;
  const ahead = before.changes === changes ? before.steps.filter(({ sequence }) => sequence > last) : [];
  const happened = steps.length;
  const next = ahead[0]?.place;
  const comes = next !== undefined && next.line === place?.line && next.path === place.path;
  const now = comes ? happened : happened - 1;
  return { steps: [...steps, ...ahead], happened, now, changes };
}

const rowHeight = 20;
const laneWidth = 12;
/** About as wide as a character is. */
const characterWidth = 7;

export function timelinePicture({ steps, happened, now }: Timeline): string {
  const lanes = lanesOf(steps);
  const y = (row: number): number => row * rowHeight + rowHeight / 2;
  const x = (slot: number): number => (slot + 1) * laneWidth;
  const textX = x(Math.max(0, ...lanes.map(({ slot }) => slot)) + 1);
  const width = textX + characterWidth * Math.max(0, ...steps.map(({ text }) => text.length));
  const pieces = lanes.flatMap(({ slot, rows, end }) =>
    rows.map((row, i) => {
      const to = rows[i + 1] ?? end;
      return `<path class="${classOf(steps[row], row >= happened)}" d="M${x(slot)} ${y(row)}V${y(to)}"/>`;
    }),
  );
  const slots = new Map(lanes.flatMap(({ slot, rows }) => rows.map((row) => [row, slot])));
  const rows = steps.map((step, row) => {
    const slot = slots.get(row);
    const dot = slot === undefined ? '' : `<circle cx="${x(slot)}" cy="${y(row)}" r="4"/>`;
    const label = `aria-label="${escaped(step.text.replace(/ {2,}/g, ' '))}"${row === now ? ' aria-current="step"' : ''}`;
    return (
      `<g class="step ${classOf(step, row >= happened)}${row === now ? ' now' : ''}" role="option" tabindex="-1" data-step="${row}" ${label}>` +
      `<title>${escaped(step.line)}</title><rect y="${row * rowHeight}" width="100%" height="${rowHeight}"/>${dot}` +
      `<text x="${textX}" y="${y(row) + 4}">${escaped(step.text)}</text></g>`
    );
  });
  // The lanes lie over the rows' backgrounds, and take no clicks.
  return `<svg xmlns="http://www.w3.org/2000/svg" role="listbox" aria-label="IRP Timeline" width="${width}" height="${steps.length * rowHeight}">${rows.join('')}${pieces.join('')}</svg>`;
}

interface Lane {
  readonly slot: number;
  readonly rows: readonly number[];
  /** The row at which it is over, or the one behind all. */
  readonly end: number;
}

/** One for each IRP, in the first slot that no other needs as long as it lasts. */
function lanesOf(steps: readonly ProtocolStep[]): Lane[] {
  const rowsOf = new Map<number, number[]>();
  for (const [row, { irp }] of steps.entries()) {
    if (irp !== undefined) rowsOf.set(irp, [...(rowsOf.get(irp) ?? []), row]);
  }
  const ends: number[] = [];
  return [...rowsOf.values()].map((rows) => {
    const [first = 0] = rows;
    const last = rows.at(-1) ?? first;
    const end = isOver(rows.map((row) => steps[row])) ? last : steps.length;
    const free = ends.findIndex((taken) => taken < first);
    const slot = free < 0 ? ends.length : free;
    ends[slot] = end;
    return { slot, rows, end };
  });
}

/** STATUS_MORE_PROCESSING_REQUIRED: the IRP is the driver's again. */
const isKept = (status: number | undefined): boolean => status !== undefined && status >>> 0 === 0xc0000016;

function isOver(steps: readonly (ProtocolStep | undefined)[]): boolean {
  const last = steps.at(-1);
  const isCompleted = last?.kind === 'irp-completed' || last?.kind === 'completion-returned';
  return (isCompleted && !isKept(last.status)) || steps.some((step) => step?.kind === 'irp-freed');
}

function classOf(step: ProtocolStep | undefined, isAhead: boolean): string {
  const { kind = '', status = 0 } = step ?? {};
  return `${kind}${isKept(status) ? '' : resultOf(status)}${isAhead ? ' ahead' : ''}`;
}

function resultOf(status: number): string {
  if (status >>> 0 === 0xc0000120) return ' cancelled';
  // The two top bits of an NTSTATUS are its severity; 3 is an error, 2 a warning.
  return status >>> 30 >= 2 ? ' failed' : '';
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
