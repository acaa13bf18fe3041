// Who may share an address: the documented table, row by row, and what it does not cover.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bind, findBinding, unbind } from './binding.ts';
import { type Binding, createNetwork, type Network } from './network.ts';
import { defaultNetwork } from './options.ts';

type Sharing = Binding['sharing'];

function bindAt(
  network: Network,
  host: string,
  port: number,
  sharing: Sharing = 'none',
  id = 1,
  isDual = false,
): string {
  return bind(network, { protocol: 'tcp', address: { host, port }, owner: { kind: 'socket', id }, isDual, sharing })
    .kind;
}

// Second bind | first: none *, none x, reuse *, reuse x, exclusive *, exclusive x (* wildcard, x specific).
// C stands for the access check, which the default security descriptor fails.
const table = `
none      * | in-use bound  in-use bound  in-use bound
none      x | C      in-use C      denied denied in-use
reuse     * | denied bound  bound  bound  denied bound
reuse     x | C      denied bound  bound  denied denied
exclusive * | in-use in-use in-use in-use in-use in-use
exclusive x | C      in-use C      in-use denied in-use`;

const host = { '*': '0.0.0.0', x: '127.0.0.1' } as const;
const firsts = (['none', 'reuse', 'exclusive'] as const).flatMap((sharing) =>
  (['*', 'x'] as const).map((kind) => ({ sharing, kind })),
);

test('the second bind on an address in use', () => {
  for (const row of table.trim().split('\n')) {
    const [left = '', right = ''] = row.split('|');
    const [sharing, kind] = left.trim().split(/\s+/) as [Sharing, '*' | 'x'];
    for (const [column, wanted] of right.trim().split(/\s+/).entries()) {
      const first = firsts[column];
      assert.ok(first !== undefined);
      const network = createNetwork(defaultNetwork);
      assert.equal(bindAt(network, host[first.kind], 80, first.sharing), 'bound');
      const result = bindAt(network, host[kind], 80, sharing, 2);
      assert.equal(result, wanted === 'C' ? 'denied' : wanted, `${left.trim()} after ${first.sharing} ${first.kind}`);
    }
  }
});

test('different ports, hosts, families and protocols do not meet', () => {
  const network = createNetwork(defaultNetwork);
  assert.equal(bindAt(network, '127.0.0.1', 80), 'bound');
  assert.equal(bindAt(network, '127.0.0.1', 81), 'bound');
  assert.equal(bindAt(network, '192.0.2.10', 80), 'bound');
  assert.equal(bindAt(network, '::', 80), 'bound');
  assert.equal(bindAt(network, '8.8.8.8', 80), 'not-local');
  const udp = {
    protocol: 'udp',
    address: { host: '127.0.0.1', port: 80 },
    owner: { kind: 'socket', id: 9 },
    isDual: false,
    sharing: 'none',
  } as const;
  assert.equal(bind(network, udp).kind, 'bound');
});

test('a dual IPv6 wildcard takes IPv4 traffic, and meets IPv4 binds', () => {
  const network = createNetwork(defaultNetwork);
  assert.equal(bindAt(network, '::', 80, 'none', 1, true), 'bound');
  assert.equal(findBinding(network, 'tcp', { host: '127.0.0.1', port: 80 })?.host, '::');
  assert.equal(bindAt(network, '0.0.0.0', 80, 'none', 2), 'in-use');
});

test('port 0 gives a free port of the dynamic range; a specific host wins over the wildcard', () => {
  const network = createNetwork(defaultNetwork);
  const ports = [1, 2, 3].map((id) => {
    bindAt(network, '0.0.0.0', 0, 'none', id);
    return [...network.bindings.values()].at(-1)?.port;
  });
  assert.deepEqual(ports, [49152, 49153, 49154]);
  assert.equal(bindAt(network, '192.0.2.10', 80), 'bound');
  assert.equal(bindAt(network, '0.0.0.0', 80, 'none', 5), 'bound');
  assert.equal(findBinding(network, 'tcp', { host: '192.0.2.10', port: 80 })?.host, '192.0.2.10');
  assert.equal(findBinding(network, 'tcp', { host: '127.0.0.1', port: 80 })?.host, '0.0.0.0');
});

test('the dynamic range goes round, and is used up after 16,384 ports', () => {
  const network = createNetwork(defaultNetwork);
  for (let id = 1; id <= 16_384; id++) assert.equal(bindAt(network, '0.0.0.0', 0, 'none', id), 'bound');
  assert.equal(bindAt(network, '0.0.0.0', 0), 'no-port');
  const [first] = network.bindings.values();
  assert.equal(first?.port, 49_152);
  unbind(network, first?.id ?? 0);
  assert.equal(bindAt(network, '0.0.0.0', 0), 'bound');
  assert.equal([...network.bindings.values()].at(-1)?.port, 49_152);
});
