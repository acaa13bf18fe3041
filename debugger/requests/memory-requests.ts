/** Memory as bytes: what a client's memory view reads and writes. Addresses are those that values name. */
import { addressOf } from '../breakpoints/data-breakpoints.ts';
import { valueOrError } from '../inspect/evaluate.ts';
import { noteWindow, tellOfChangedMemory } from '../inspect/memory-windows.ts';
import { type SessionState, standingProgram } from '../state.ts';
import { RequestError } from './request-error.ts';
import type { Handlers } from './requests.ts';

/** Each byte is remembered for journeys back in time. */
const writtenMax = 4096;
const readMax = 1 << 20;

export function memoryHandlers(state: SessionState): Pick<Handlers, 'readMemory' | 'writeMemory'> {
  const start = (reference: string, offset = 0): bigint => {
    const address = addressOf(reference);
    if (address === undefined) throw new RequestError(`${reference} is no address.`);
    return BigInt.asUintN(64, address + BigInt(offset));
  };
  return {
    readMemory({ memoryReference, offset, count }) {
      const { run } = standingProgram(state).debuggee;
      const address = start(memoryReference, offset);
      const wanted = Math.min(Math.max(0, count), readMax);
      const read = run.readMemory(address, wanted);
      const data = Buffer.from(read).toString('base64');
      noteWindow(state, { memoryReference, offset: offset ?? 0, count: wanted, data });
      return {
        address: hexAddress(address),
        data,
        ...(read.length < count ? { unreadableBytes: count - read.length } : {}),
      };
    },
    writeMemory({ memoryReference, offset, data, allowPartial }) {
      const { debuggee } = standingProgram(state);
      const address = start(memoryReference, offset);
      const bytes = Buffer.from(data, 'base64');
      if (bytes.length > writtenMax) throw new RequestError(`At most ${writtenMax} bytes can be written at once.`);
      const room = debuggee.run.readMemory(address, bytes.length).length;
      if (room < bytes.length && allowPartial !== true) {
        throw new RequestError(
          `There are ${room} bytes of memory at ${hexAddress(address)}, and ${bytes.length} to write.`,
        );
      }
      for (const [i, byte] of bytes.subarray(0, room).entries()) {
        const at = `*(unsigned char *)${hexAddress(address + BigInt(i))}`;
        valueOrError(debuggee.assign(at, String(byte), undefined));
      }
      state.host.afterResponse(() => {
        if (state.client.understandsInvalidated) state.host.send('invalidated', { areas: ['variables'] });
        tellOfChangedMemory(state);
      });
      return { bytesWritten: room };
    },
  };
}

function hexAddress(address: bigint): string {
  return `0x${address.toString(16).toUpperCase()}`;
}
