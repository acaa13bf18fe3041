/** The front door of emulator/sim: virtual time, random numbers, choices, the trace. */
export type { ChoicePoint, Choices, RecordedChoice, ReplayMismatch, Strategy } from './choices.ts';
export { advanceTo, type Clock, createClock, nsPerStatement, statementsUntil, timeAt } from './clock.ts';
export { createRandom, nextBelow, nextUint32, type RandomState } from './random.ts';
export { recordChoices, replayChoices } from './recorder.ts';
export { randomStrategy, usualStrategy } from './strategies.ts';
export { isInTimeline, timelineText } from './timeline.ts';
export type { OutsideKind, TraceDetail, TraceEvent, VirtualTimeNs } from './trace.ts';
export { placeOf, type TraceNames, traceLine } from './trace-line.ts';
export { createTraceLog, type TraceKeeping, type TraceLog, type TraceMoment } from './trace-log.ts';
