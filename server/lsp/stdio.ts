/**
 * The connection to the client. Over standard output each message goes out in one piece: the LSP library writes a
 * message's header and its text one after the other, and both the system and a client that reads them apart pay twice.
 */
import { Writable } from 'node:stream';
import { type ConnectionOptions, createConnection, LSPErrorCodes, ProposedFeatures } from 'vscode-languageserver/node';

export function connect() {
  return process.argv.includes('--stdio')
    ? createConnection(ProposedFeatures.all, process.stdin, inOnePiece(process.stdout), options)
    : createConnection(ProposedFeatures.all, options);
}

/** What waits in the input and is taken back is not begun. The library puts the request's id in. */
const options: ConnectionOptions = {
  connectionStrategy: {
    cancelUndispatched: ({ jsonrpc }) => {
      const error = { code: LSPErrorCodes.RequestCancelled, message: 'The client took it back.' };
      return { jsonrpc, id: null, error };
    },
  },
};

/** A stream that keeps a message's header until its text comes. */
export function inOnePiece(output: NodeJS.WritableStream): Writable {
  let header: Buffer | undefined;
  // A client that is gone is told to who writes.
  output.on('error', () => {});
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (header === undefined && chunk.subarray(0, headerStart.length).equals(headerStart)) {
        header = chunk;
        done();
        return;
      }
      const whole = header === undefined ? chunk : Buffer.concat([header, chunk]);
      header = undefined;
      output.write(whole, done);
    },
  });
}

const headerStart = Buffer.from('Content-Length: ');
