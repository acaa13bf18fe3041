import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import test from 'node:test';
import { StreamReader, StreamWriter } from './stdio.ts';

interface Named {
  readonly method: string;
}

const named = (method: string) => ({ jsonrpc: '2.0', method }) as never;
const texts = ['', 'Content-Length: 3\r\n\r\n', 'ä'.repeat(100_000)];

/** What arrives, and a writer of messages that ends there. */
function wire(fail?: Error) {
  const chunks: Buffer[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done(fail);
    },
  });
  return { chunks, writer: new StreamWriter(output) };
}

/** The methods and mistakes that a reader tells of what arrives in these pieces. */
async function read(pieces: readonly (Buffer | string)[]) {
  const input = new PassThrough();
  const reader = new StreamReader(input);
  const methods: string[] = [];
  const errors: string[] = [];
  reader.onError((error) => errors.push(error.message));
  reader.listen((message) => methods.push((message as unknown as Named).method));
  const ended = new Promise<void>((done) => reader.onClose(done));
  for (const piece of pieces) input.write(piece);
  input.end();
  await ended;
  return { methods, errors };
}

test('each message is one piece, whatever is in it', async () => {
  const { chunks, writer } = wire();
  await Promise.all(texts.map((method) => writer.write(named(method))));
  assert.deepEqual(
    chunks.map((chunk) => {
      const [head = '', text = ''] = chunk.toString().split(/\r\n\r\n(.*)/s);
      assert.equal(head, `Content-Length: ${Buffer.byteLength(text)}`);
      return (JSON.parse(text) as Named).method;
    }),
    texts,
  );
});

test('messages are read whatever pieces they come in', async () => {
  const { chunks, writer } = wire();
  for (const method of texts) await writer.write(named(method));
  const all = Buffer.concat(chunks);
  for (const size of [1, 7, 4096, all.length]) {
    const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
      all.subarray(i * size, (i + 1) * size),
    );
    assert.deepEqual(await read(pieces), { methods: texts, errors: [] }, `${size} bytes at a time`);
  }
});

test('other heads are read, too', async () => {
  const text = JSON.stringify(named('x'));
  const heads = [
    `content-length:${text.length}`,
    `Content-Length: ${text.length} \r\nContent-Type: application/vscode-jsonrpc; charset=utf-8`,
    `Content-Type: application/vscode-jsonrpc\r\nContent-Length: ${text.length}`,
  ];
  const { methods, errors } = await read(heads.map((head) => `${head}\r\n\r\n${text}`));
  assert.deepEqual({ methods, errors }, { methods: ['x', 'x', 'x'], errors: [] });
});

test('what is no message is said, and the next one is read', async () => {
  const right = `Content-Length: 14\r\n\r\n{"method":"x"}`;
  for (const wrong of ['Content-Length: 3\r\n\r\n{"a', 'Length: 3\r\n\r\n', '\r\n\r\n', 'Content-Length: -1\r\n\r\n']) {
    const { methods, errors } = await read([wrong, right]);
    assert.deepEqual({ methods, errors: errors.length }, { methods: ['x'], errors: 1 }, wrong);
  }
  assert.deepEqual(await read(['Content-Length: 100\r\n\r\n{']), { methods: [], errors: [] }, 'it never ends');
});

test('a client that is gone is told to who writes', async () => {
  const { writer } = wire(new Error('gone'));
  const errors: string[] = [];
  writer.onError(([error]) => errors.push(error.message));
  await assert.rejects(writer.write(named('x')), /gone/);
  await new Promise((done) => setImmediate(done));
  assert.ok(errors.includes('gone'));
});
