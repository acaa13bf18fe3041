/** The real end of a run's bridge: sockets on loopback, and the clock that the run keeps to. For cli and debugger. */
export { createBridge } from './bridge.ts';
export { createWatch } from './watch.ts';
