/** All patterns, in the order in which a driver needs them. */
import { asynchronousCall } from './asynchronous-call.ts';
import { datagramEcho } from './datagram-echo.ts';
import { dot4Transaction } from './dot4-transaction.ts';
import { listener } from './listener.ts';
import type { Pattern } from './pattern.ts';
import { registration } from './registration.ts';
import { synchronousCall } from './synchronous-call.ts';

export const patterns: readonly Pattern[] = [
  registration,
  synchronousCall,
  asynchronousCall,
  listener,
  datagramEcho,
  dot4Transaction,
];
