/**
 * The timeline of a run, line by line as it happens. A driver that floods it is cut off: from then on only phases and
 * findings are printed, each after a count of what was left out. Nothing is lost, since `--trace` keeps every event.
 */
import { isInTimeline, type TraceEvent, type TraceNames, timelineText } from '../emulator/index.ts';
import { writeLine } from './output.ts';
import { grouped, visible } from './shortened.ts';

/** Lines after which events of other kinds are left out. */
const linesMax = 2000;

export interface Timeline {
  add(event: TraceEvent): void;
  end(): void;
}

export function createTimeline(names: TraceNames, write: (line: string) => void = writeLine): Timeline {
  let lines = 0;
  let leftOut = 0;
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
      countLeftOut();
      write(visible(text));
      lines++;
    },
    end: countLeftOut,
  };
}
