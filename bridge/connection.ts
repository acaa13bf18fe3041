/**
 * One TCP connection with a program outside: orders of the run become calls of its socket, and what happens to the
 * socket becomes events. On either way only so many bytes wait: the socket is not read while the driver's machine has
 * not taken what it was given, and the run hears how much of its own has left.
 */
import type { Socket } from 'node:net';
import type { Events } from './events.ts';

export interface Connection {
  write(bytes: Uint8Array): void;
  /** The driver's machine has taken so many bytes. */
  taken(length: number): void;
  end(): void;
  reset(): void;
  destroy(): void;
}

/** Bytes that the driver's machine may have been given and not taken. */
const UNTAKEN_MAX = 64 * 1024;
/** Bytes that have left are told in pieces of this size: each is an event of the record. */
const TELL_BYTES = 64 * 1024;

export function createConnection(socket: Socket, channel: number, events: Events, gone: () => void): Connection {
  let untaken = 0;
  let untold = 0;
  /** A reset has been told, or was ordered. */
  let isOver = false;
  let hasEnded = false;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    events.push({ kind: 'reset', channel });
  };
  socket.setNoDelay(true);
  socket.on('data', (bytes) => {
    if (isOver) return;
    untaken += bytes.length;
    events.push({ kind: 'bytes', channel, bytes: Uint8Array.from(bytes) });
    if (untaken >= UNTAKEN_MAX) socket.pause();
  });
  socket.on('end', () => {
    hasEnded = true;
    if (!isOver) events.push({ kind: 'end', channel });
  });
  socket.on('error', over);
  socket.on('close', () => {
    // One that is gone without having ended both ways was cut off.
    if (!hasEnded || !socket.writableFinished) over();
    gone();
  });
  return {
    write(bytes) {
      socket.write(bytes, (error) => {
        if (error !== undefined && error !== null) return;
        untold += bytes.length;
        if (untold < TELL_BYTES || isOver) return;
        events.push({ kind: 'taken', channel, length: untold });
        untold = 0;
      });
    },
    taken(length) {
      untaken -= length;
      if (untaken < UNTAKEN_MAX / 2 && socket.isPaused()) socket.resume();
    },
    end: () => {
      socket.end();
    },
    reset() {
      isOver = true;
      socket.resetAndDestroy();
    },
    destroy() {
      isOver = true;
      socket.destroy();
    },
  };
}
