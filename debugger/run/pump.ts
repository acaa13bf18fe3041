/**
 * Lets a run go on piece by piece, one piece for each turn of the event loop, so that a guest's endless loop leaves
 * room for the client's requests: pause and disconnect always get through.
 */

export interface Pump {
  start(): void;
  /** No further piece begins after this. */
  stop(): void;
  readonly isRunning: boolean;
}

export interface PumpOptions {
  /** Does one piece; "stop" ends the pumping, "wait" says that the next one has nothing to do at once. */
  readonly piece: () => 'more' | 'wait' | 'stop';
  /** A piece threw, which only our own bugs do. The pump has stopped. */
  readonly failed: (error: unknown) => void;
  /** Waits for the next turn of the event loop; longer while the client does not keep up with the output. */
  readonly later: (task: () => void) => void;
  /** After a "wait": until the next piece has something to do. */
  readonly wait?: (task: () => void) => void;
}

export function createPump({ piece, failed, later, wait = later }: PumpOptions): Pump {
  let isRunning = false;
  /** Tells a piece that was asked for before the last `stop` from those after it. */
  let generation = 0;
  const next = (mine: number, when: PumpOptions['later']): void => {
    when(() => {
      if (mine !== generation) return;
      try {
        const result = piece();
        if (result !== 'stop') {
          if (mine === generation) next(mine, result === 'more' ? later : wait);
          return;
        }
        // The piece may have started the pump anew.
        if (mine === generation) isRunning = false;
      } catch (error) {
        generation++;
        isRunning = false;
        failed(error);
      }
    });
  };
  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      next(++generation, later);
    },
    stop() {
      generation++;
      isRunning = false;
    },
    get isRunning() {
      return isRunning;
    },
  };
}

/** More bytes than this that the client has not taken yet make the run wait. */
const backlogBytesMax = 4 * 1024 * 1024;

/** The `later` of a server on a stream. */
export function laterOn(stream: { readonly writableLength: number }): PumpOptions['later'] {
  return (task) => {
    if (stream.writableLength < backlogBytesMax) setImmediate(task);
    else setTimeout(() => laterOn(stream)(task), 10);
  };
}
