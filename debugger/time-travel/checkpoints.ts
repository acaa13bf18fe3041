/**
 * Checkpoints of one run, from which a journey back in time begins instead of at the run's first statement. They come
 * while the run goes on, at most a tenth of its time being spent on them, and where a journey has been; there are never
 * more than some, closer to one another the later they are. They change nothing in the run, so that when they are taken
 * makes no difference but in speed.
 */
import type { Checkpoint, Run } from '../../emulator/index.ts';

interface Kept {
  readonly statements: number;
  readonly checkpoint: Checkpoint;
}

export interface Checkpoints {
  readonly run: Run;
  /** The run has gone on for so long. */
  passed(milliseconds: number): void;
  /** Keeps the run as it stands, unless so nearly the same is kept. */
  keep(): void;
  /** Puts the run back to the last checkpoint that is not behind so many statements; false where there is none. */
  putBack(statements: number): boolean;
  /** The run will go another way from here. */
  forgetFrom(statements: number): void;
  /** The run as it stands, which is not kept. */
  present(): Checkpoint;
}

const KEPT_MAX = 16;
/** Of pages that no two of them share. */
const BYTES_MAX = 384 * 1024 * 1024;
/** Milliseconds of a run that are not worth a checkpoint. */
const SHORT_MS = 100;
/** Statements that are run again in no time. */
const NEAR = 200;

export function createCheckpoints(run: Run): Checkpoints {
  /** By statements. */
  let kept: Kept[] = [];
  let sinceMs = 0;
  let costMs = 0;
  const before = (statements: number): Kept | undefined => kept.findLast((one) => one.statements <= statements);
  const keep = (): void => {
    sinceMs = 0;
    const { statements } = run;
    const last = before(statements);
    if (last !== undefined && statements - last.statements < NEAR) return;
    const begun = performance.now();
    const checkpoint = run.checkpoint(last?.checkpoint);
    costMs = performance.now() - begun;
    kept = thinned([...kept, { statements, checkpoint }].sort((a, b) => a.statements - b.statements));
  };
  return {
    run,
    keep,
    passed(milliseconds) {
      sinceMs += milliseconds;
      if (sinceMs > Math.max(SHORT_MS, 10 * costMs)) keep();
    },
    putBack(statements) {
      const found = before(statements);
      if (found !== undefined) run.putBack(found.checkpoint);
      return found !== undefined;
    },
    forgetFrom(statements) {
      kept = kept.filter((one) => one.statements < statements);
    },
    present: () => run.checkpoint(before(run.statements)?.checkpoint),
  };
}

/** Without those that are missed least: of which the neighbours are close, compared with how long ago they were. */
function thinned(kept: Kept[]): Kept[] {
  const bytes = kept.reduce((sum, { checkpoint }) => sum + checkpoint.bytes, 0);
  if (kept.length <= KEPT_MAX && bytes <= BYTES_MAX) return kept;
  const end = kept.at(-1)?.statements ?? 0;
  const missed = kept.slice(1, -1).map((_, i) => {
    const [from, to] = [kept[i]?.statements ?? 0, kept[i + 2]?.statements ?? 0];
    return (to - from) / (end - from);
  });
  if (missed.length === 0) return kept;
  return thinned(kept.toSpliced(missed.indexOf(Math.min(...missed)) + 1, 1));
}
