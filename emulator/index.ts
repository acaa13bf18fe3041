/** The front door of the emulator: runs of drivers, and scenarios. Nothing else of it is meant for others. */
export type * from './run-types.ts';
export { startRun } from './run-start.ts';
export { readScenario, type ScenarioProblem, type ScenarioReading } from './scenario/read.ts';
export { defaultScenario, type Scenario } from './scenario/scenario.ts';
export { placeOf, timelineText, type TraceEvent, type TraceNames, traceLine } from './sim/index.ts';
