/** The debug adapter as a program: speaks DAP over its standard input and output, one session for one process. */
import { DriverSession } from './session.ts';

// Standard output belongs to the protocol.
console.log = console.error;

// The catalog lies beside the bundle.
new DriverSession({ catalogFolder: __dirname, output: process.stdout }).start(process.stdin, process.stdout);
