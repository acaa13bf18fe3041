/**
 * How a connection is kept alive: from SO_KEEPALIVE and TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT, or from
 * SIO_KEEPALIVE_VALS, which sets the first three in one request. The options hold seconds; what the request says in
 * milliseconds may leave fractions of one.
 */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { setKeepAlive } from '../../net/tcp.ts';
import type { KeepAlive } from '../../net/tcp-side.ts';
import { type Socket, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';
import { onWire } from '../wire.ts';
import type { Control, ControlResult } from './control-types.ts';
import { isOptionSet, optionValue, socketOptions } from './options.ts';

const SECOND_NS = 1_000_000_000;

/** What SO_KEEPALIVE means on the wire: Windows asks after two idle hours, every second, ten times, unless told. */
export function keepAliveOf(socket: Socket): KeepAlive | undefined {
  if (!isOptionSet(socket, 'SO_KEEPALIVE')) return undefined;
  return {
    idleNs: optionValue(socket, 'TCP_KEEPIDLE') * SECOND_NS,
    intervalNs: optionValue(socket, 'TCP_KEEPINTVL') * SECOND_NS,
    probesMax: optionValue(socket, 'TCP_KEEPCNT'),
  };
}

/** An option that changes how a connection is kept alive. */
export function isOfKeepAlive(name: string): boolean {
  return name === 'SO_KEEPALIVE' || name.startsWith('TCP_KEEP');
}

/** The options have changed: a connection that is there already goes by them from now on. */
export function keepAlive(kernel: Kernel, socket: Socket): void {
  const side = wskState(kernel).network.sides.get(socket.side ?? -1);
  if (side !== undefined) onWire(kernel, (network) => setKeepAlive(network, side, keepAliveOf(socket)));
}

/** SIO_KEEPALIVE_VALS with its struct tcp_keepalive. */
export function setKeepAliveValues(kernel: Kernel, socket: Socket, control: Control): ControlResult {
  const refused = (name: `STATUS_${string}`): ControlResult => ({ kind: 'status', status: ntstatus(kernel, name) });
  if (!socketOptions.SO_KEEPALIVE?.categories.includes(socket.category))
    return refused('STATUS_INVALID_DEVICE_REQUEST');
  if (control.input === 0n || control.inputSize < kernel.types.sizeOf('tcp_keepalive')) {
    return refused('STATUS_INVALID_PARAMETER');
  }
  const values = kernel.view('tcp_keepalive', control.input);
  const isOn = values.getNumber('onoff') !== 0;
  const idleMs = values.getNumber('keepalivetime');
  const intervalMs = values.getNumber('keepaliveinterval');
  if (isOn && (idleMs === 0 || intervalMs === 0)) return refused('STATUS_INVALID_PARAMETER');
  socket.options.set('SO_KEEPALIVE', isOn ? 1 : 0);
  if (isOn) {
    socket.options.set('TCP_KEEPIDLE', idleMs / 1000);
    socket.options.set('TCP_KEEPINTVL', intervalMs / 1000);
  }
  keepAlive(kernel, socket);
  return { kind: 'done' };
}
