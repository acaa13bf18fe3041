/**
 * The connection to the client. Over standard input and output, messages are read and written by two small classes of
 * ours: the LSP library's own hand each message on some turns of the event loop after it came, and write its header
 * and its text one after the other, which takes longer than most hovers.
 */
import type { Readable, Writable } from 'node:stream';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type ConnectionOptions,
  createConnection,
  type DataCallback,
  type Disposable,
  LSPErrorCodes,
  type Message,
  type MessageReader,
  type MessageWriter,
  ProposedFeatures,
} from 'vscode-languageserver/node';

export function connect() {
  if (!process.argv.includes('--stdio')) return createConnection(ProposedFeatures.all, options);
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamReader(process.stdin),
    new StreamWriter(process.stdout),
    options,
  );
  endWithClient(connection);
  return connection;
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

/** As the library does it where it reads the stream itself: the input's end is the client's, told or not. */
function endWithClient(connection: ReturnType<typeof createConnection>): void {
  let status = 1;
  connection.onShutdown(() => {
    status = 0;
  });
  process.stdin.once('close', () => process.exit(status));
  process.stdin.once('end', () => process.exit(status));
}

const headEnd = '\r\n\r\n';

/** Hands each message on as soon as its last byte is there. */
export class StreamReader extends AbstractMessageReader implements MessageReader {
  readonly #input: Readable;
  #chunks: Buffer[] = [];
  #length = 0;
  /** With fewer bytes there is no whole message. */
  #needed = 0;

  constructor(input: Readable) {
    super();
    this.#input = input;
  }

  listen(callback: DataCallback): Disposable {
    const onData = (chunk: Buffer): void => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      if (this.#length >= this.#needed) this.#handOn(callback);
    };
    this.#input.on('data', onData);
    this.#input.on('error', (error) => this.fireError(error));
    this.#input.on('close', () => this.fireClose());
    return { dispose: () => this.#input.off('data', onData) };
  }

  #handOn(callback: DataCallback): void {
    let bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#needed = 0;
    for (;;) {
      const textStart = bytes.indexOf(headEnd) + headEnd.length;
      if (textStart < headEnd.length) break;
      const head = bytes.toString('latin1', 0, textStart);
      const length = textLength(head);
      // Nobody knows where it ends: what follows is taken for the next one.
      if (length === undefined) this.fireError(new Error(`A message without a length: ${JSON.stringify(head)}`));
      const end = textStart + (length ?? 0);
      if (bytes.length < end) {
        this.#needed = end;
        break;
      }
      if (length !== undefined) this.#parse(bytes.toString('utf8', textStart, end), callback);
      bytes = bytes.subarray(end);
    }
    this.#chunks = bytes.length === 0 ? [] : [bytes];
    this.#length = bytes.length;
  }

  #parse(text: string, callback: DataCallback): void {
    let message: Message;
    try {
      message = JSON.parse(text) as Message;
    } catch (error) {
      this.fireError(error);
      return;
    }
    callback(message);
  }
}

/** Bytes of a message by its head. */
function textLength(head: string): number | undefined {
  const digits = /^content-length:\s*(\d+)\s*$/im.exec(head)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Writes each message in one piece at once. */
export class StreamWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #output: Writable;

  constructor(output: Writable) {
    super();
    this.#output = output;
    output.on('error', (error) => this.fireError(error));
    output.on('close', () => this.fireClose());
  }

  write(message: Message): Promise<void> {
    const text = JSON.stringify(message);
    return new Promise((done, fail) => {
      this.#output.write(`Content-Length: ${Buffer.byteLength(text)}${headEnd}${text}`, (error) =>
        error ? fail(error) : done(),
      );
    });
  }

  end(): void {
    this.#output.end();
  }
}
