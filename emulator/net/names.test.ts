// The name service: addresses by family, aliases, reverse names, localhost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNameTable, nameOfHost, resolveName } from './names.ts';

const table = createNameTable(
  { 'Printer.example': ['192.0.2.20', '2001:DB8::20'], lpr: ['printer.example'], a: ['b'], b: ['a'], empty: [] },
  { '192.0.2.30': 'other.example' },
);

test('names', () => {
  assert.deepEqual(resolveName(table, 'PRINTER.example.'), {
    canonicalName: 'printer.example',
    hosts: ['192.0.2.20', '2001:db8::20'],
  });
  assert.deepEqual(resolveName(table, 'lpr', 'inet'), { canonicalName: 'printer.example', hosts: ['192.0.2.20'] });
  assert.deepEqual(resolveName(table, 'lpr', 'inet6').hosts, ['2001:db8::20']);
  assert.deepEqual(resolveName(table, 'localhost').hosts, ['::1', '127.0.0.1']);
  for (const name of ['a', 'empty', 'unknown']) assert.deepEqual(resolveName(table, name).hosts, [], name);
});

test('addresses', () => {
  assert.equal(nameOfHost(table, '::ffff:192.0.2.20'), 'Printer.example');
  assert.equal(nameOfHost(table, '2001:db8::20'), 'Printer.example');
  assert.equal(nameOfHost(table, '192.0.2.30'), 'other.example');
  assert.equal(nameOfHost(table, '127.0.0.1'), 'localhost');
  assert.equal(nameOfHost(table, '192.0.2.99'), undefined);
});
