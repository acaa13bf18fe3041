/**
 * A run that real programs take part in: goes on piece by piece, so that sockets get their turn. Ctrl+C unloads the
 * driver; a second one does not wait for clients any longer; a third one ends the program.
 */
import { createBridge, createWatch } from '../bridge/index.ts';
import type { Run, RunResult } from '../emulator/index.ts';
import { flush, writeError } from './output.ts';

/** Statements between two looks at the sockets: a few milliseconds. */
const pieceStatements = 50_000;
/** What a program that is ended by Ctrl+C exits with. */
const interruptedStatus = 130;

/** `show` prints what has happened since its last call. */
export function runBridged(run: Run, show: () => void): Promise<RunResult> {
  const say = (line: string): void => writeError(`wsk: ${line}`);
  const bridge = createBridge(say);
  const watch = createWatch({ bridge, clockMs: () => performance.now(), say });
  let interruptions = 0;
  const interrupt = (): void => {
    interruptions++;
    if (interruptions === 1) {
      say('the driver is unloaded; Ctrl+C again does not wait for clients');
      bridge.push({ kind: 'unload' });
    } else if (interruptions === 2) bridge.push({ kind: 'close' });
    else process.exit(interruptedStatus);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return new Promise<RunResult>((resolve, reject) => {
    const piece = (): void => {
      try {
        const advance = run.advance(pieceStatements);
        const waitMs = watch.after(run, advance);
        show();
        if (advance.kind === 'ended') resolve(advance.result);
        else if (waitMs === undefined) setImmediate(piece);
        else {
          flush();
          bridge.events.wait(waitMs, piece);
        }
      } catch (error) {
        // Our own bug: `main` reports it.
        reject(error);
      }
    };
    piece();
  }).finally(() => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    bridge.close();
  });
}
