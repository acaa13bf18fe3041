/** The real end of a run's bridge: sockets on loopback, and the clock that the run keeps to. For cli and debugger. */
export { type Bridge, createBridge } from './bridge.ts';
export { createPace, type Pace } from './pace.ts';
export { createWatch, type Watch } from './watch.ts';
