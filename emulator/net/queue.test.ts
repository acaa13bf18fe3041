// The queue of events: by time, then by order of scheduling, whatever mixture of packets and timers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, nextBelow } from '../sim/index.ts';
import { createFifo, fifoFirst, fifoItems, fifoLength, fifoPush, fifoShift } from './fifo.ts';
import { createEventQueue, queueDueNs, queuePacket, queueTake, queueTimer } from './queue.ts';

test('events come by time, then by order of scheduling', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = createRandom(seed);
    const queue = createEventQueue<number>();
    const expected: { atNs: number; id: number }[] = [];
    for (let id = 0; id < 300; id++) {
      const atNs = nextBelow(random, 50);
      (nextBelow(random, 2) === 0 ? queuePacket : queueTimer)(queue, atNs, id);
      expected.push({ atNs, id });
    }
    expected.sort((a, b) => a.atNs - b.atNs || a.id - b.id);
    for (const { atNs, id } of expected) {
      assert.equal(queueDueNs(queue), atNs);
      assert.equal(queueTake(queue, atNs - 1), undefined);
      assert.equal(queueTake(queue, atNs), id);
    }
    assert.equal(queueDueNs(queue), undefined);
  }
});

test('a long queue is taken in order', () => {
  const fifo = createFifo<number>();
  let next = 0;
  for (let i = 0; i < 10_000; i++) {
    fifoPush(fifo, i);
    if (i % 3 === 0) assert.equal(fifoShift(fifo), next++);
  }
  assert.equal(fifoFirst(fifo), next);
  assert.equal(fifoLength(fifo), 10_000 - next);
  assert.deepEqual(fifoItems(fifo).slice(0, 2), [next, next + 1]);
  while (fifoLength(fifo) > 0) assert.equal(fifoShift(fifo), next++);
  assert.equal(fifoShift(fifo), undefined);
});
