/**
 * How far `wsk lint` is, for who looks at a terminal: one line on standard error, written over itself and gone before
 * anything else is shown. In: which files of which task have been read or checked. Elsewhere than on a terminal, and of
 * what is done soon, nothing is written.
 */
import { overwriteError, showsProgress } from '../output.ts';

/** A file of the task has been read; of a file all functions have been checked. */
export type Step = 'read' | 'checked';

export interface Progress {
  /** A task is begun, perhaps by another thread than that which had it before. */
  begin(task: number): void;
  step(task: number, step: Step): void;
  end(): void;
}

/** What is done sooner needs no line, and a line that changes more often is not read. */
const firstMs = 700;
const againMs = 100;

/** `now` gives milliseconds. */
export function createProgress(
  fileCount: number,
  write: (line: string) => void = overwriteError,
  now: () => number = () => performance.now(),
): Progress {
  const tasks = new Map<number, Record<Step, number>>();
  let due = now() + firstMs;
  let isShown = false;
  return {
    begin: (task) => {
      tasks.set(task, { read: 0, checked: 0 });
    },
    step: (task, step) => {
      const own = tasks.get(task);
      if (own !== undefined) own[step]++;
      if (now() < due) return;
      due = now() + againMs;
      isShown = true;
      const all = { read: 0, checked: 0 };
      for (const { read, checked } of tasks.values()) {
        all.read += read;
        all.checked += checked;
      }
      write(progressText(fileCount, all));
    },
    end: () => {
      if (isShown) write('');
      due = Number.POSITIVE_INFINITY;
    },
  };
}

function progressText(count: number, { read, checked }: Readonly<Record<Step, number>>): string {
  const isReading = checked === 0;
  return `${isReading ? read : checked} of ${count} ${count === 1 ? 'file' : 'files'} ${isReading ? 'read' : 'checked'}`;
}

/** Undefined where nobody would see it. */
export function progressOf(fileCount: number): Progress | undefined {
  return showsProgress() ? createProgress(fileCount) : undefined;
}
