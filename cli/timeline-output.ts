/**
 * The timeline of a run, line by line as it happens. Packets that are all alike, one behind the other, are one line and a
 * count, so that what the driver does is not lost among them. A driver that floods it is cut off: from then on only phases and
 * findings are printed, each after a count of what was left out. Nothing is lost, since `--trace` keeps every event.
 */
import { isInTimeline, type TraceEvent, type TraceNames, timelineText } from '../emulator/index.ts';
import { writeLine } from './output.ts';
import { grouped, visible } from './shortened.ts';

/** Lines after which events of other kinds are left out. */
const linesMax = 2000;

/** Fewer are printed one by one. */
const foldedMin = 3;

export interface Timeline {
  add(event: TraceEvent): void;
  end(): void;
}

export function createTimeline(names: TraceNames, write: (line: string) => void = writeLine): Timeline {
  let lines = 0;
  let leftOut = 0;
  /** The packet that was printed last, with what came like it and was not. */
  let packet: { readonly detail: string; alike: string[]; count: number } | undefined;
  const print = (text: string): void => {
    write(visible(text));
    lines++;
  };
  const countAlike = (): void => {
    const { alike = [], count = 0 } = packet ?? {};
    packet = undefined;
    const last = /[\d.]+ ms/.exec(alike.at(-1) ?? '')?.[0];
    if (count < foldedMin) for (const text of alike) print(text);
    else print(`               … ${grouped(count)} more of the same, until ${last}`);
  };
  const countLeftOut = (): void => {
    if (leftOut > 0) write(`               … ${grouped(leftOut)} more; \`--trace file\` keeps them all`);
    leftOut = 0;
  };
  return {
    add: (event) => {
      const isLandmark = event.kind === 'phase' || event.kind === 'finding';
      if (lines >= linesMax && !isLandmark) {
        if (isInTimeline(event)) leftOut++;
        return;
      }
      const text = timelineText(event, names);
      if (text === undefined) return;
      if (event.kind === 'network' && event.detail === packet?.detail) {
        packet.count++;
        packet.alike = [...packet.alike.slice(1 - foldedMin), text];
        return;
      }
      countAlike();
      countLeftOut();
      print(text);
      if (event.kind === 'network') packet = { detail: event.detail, alike: [], count: 0 };
    },
    end: () => {
      countAlike();
      countLeftOut();
    },
  };
}
