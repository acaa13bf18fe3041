/** The machine's front door: link the files of a driver, run the program on a machine. */
export { link } from './link/link.ts';
export type * from './machine-types.ts';
export * from './native.ts';
export { createMachine } from './run/machine.ts';
