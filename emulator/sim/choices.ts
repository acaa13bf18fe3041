/**
 * Every non-deterministic decision of a run goes through here: which thread runs next, whether a call pends, when a
 * completion arrives. A strategy answers; the answers are recorded, and a record replays.
 */

/** Names a decision ("wsk.complete", "scheduler.next") and its options, best-known order first. */
export interface ChoicePoint {
  readonly name: string;
  /** Number of options, at least 1; option 0 is what Windows usually does. */
  readonly options: number;
}

export interface Strategy {
  readonly name: string;
  choose(point: ChoicePoint): number;
}

/** One answer with its question, so that a replay notices when the program asks another one. */
export interface RecordedChoice {
  readonly point: string;
  readonly options: number;
  readonly chosen: number;
}

/** Why a record does not fit the run that it is replayed on: the source, the scenario or the emulator has changed. */
export interface ReplayMismatch {
  readonly code: 'replay-mismatch';
  /** Index into the record. */
  readonly at: number;
  readonly message: string;
}

export interface Choices {
  /** An index below `point.options`. A point with one option is no decision and is not recorded. */
  choose(point: ChoicePoint): number;
  /** Every answer so far, in order. */
  readonly record: readonly number[];
  /** The same with the questions: what a replay takes. */
  readonly recorded: readonly RecordedChoice[];
  /** Set at the first question that a replayed record does not fit; the run must stop and say so. */
  readonly mismatch: ReplayMismatch | undefined;
}
