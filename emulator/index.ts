/** The front door of the emulator: runs of drivers, and scenarios. Nothing else of it is meant for others. */
export type { RunFinding } from './kernel/kernel-types.ts';

export type { Door, OutsideOrder } from './net/bridge-types.ts';
export type { Checkpoint } from './run/checkpoint.ts';
export { type RecordedEvent, type RunEvent, readRecorded, recordOf } from './run/outside-state.ts';
export { startRun } from './run/start.ts';
export type * from './run/types.ts';
export { defaultScenario, type Scenario } from './scenario/scenario.ts';
export { eventText, isInTimeline, type TraceEvent, type TraceNames, timelineText, traceLine } from './sim/index.ts';
