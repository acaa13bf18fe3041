/** The front door of emulator/sim: virtual time, random numbers, choices, the trace. */
export type { Choices } from './choices.ts';
export { advanceTo, createClock, statementsUntil, timeAt } from './clock.ts';
export { createRandom, nextBelow, nextUint32 } from './random.ts';
export { recordChoices, replayChoices } from './recorder.ts';
export { randomStrategy, usualStrategy } from './strategies.ts';
export { eventText, isInTimeline, timelineText } from './timeline.ts';
export type { TraceEvent, VirtualTimeNs } from './trace.ts';
export { type TraceNames, traceLine } from './trace-line.ts';
export { createTraceLog, type TraceMoment } from './trace-log.ts';
