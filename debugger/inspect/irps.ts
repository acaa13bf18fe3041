/** The IRPs of a run for the client's tree: places become paths, lines and columns. */
import type { Span } from '../../base/source.ts';
import type { IrpInfo, StackLocationInfo } from '../../emulator/index.ts';
import { type Client, pathFor, rangeFor } from '../client.ts';
import type { ProtocolIrp, ProtocolPlace, ProtocolStackLocation } from '../protocol.ts';

export function protocolIrp(irp: IrpInfo, client: Client): ProtocolIrp {
  const { id, address, state, call, subject, status, information } = irp;
  return {
    id,
    address,
    state,
    ...(call === undefined ? {} : { call }),
    ...(subject === undefined ? {} : { subject }),
    ...placed('issuedAt', irp.issuedAt, client),
    ...placed('allocatedAt', irp.allocatedAt, client),
    ...(status === undefined ? {} : { status }),
    ...(information === undefined ? {} : { information }),
    stackLocations: irp.stackLocations.map((location) => stackLocation(location, client)),
    history: irp.history.map(({ what, span }) => ({ what, ...placed('place', span, client) })),
  };
}

function stackLocation(location: StackLocationInfo, client: Client): ProtocolStackLocation {
  const { completionRoutine: routine, ...rest } = location;
  if (routine === undefined) return rest;
  return { ...rest, completionRoutine: { name: routine.name, ...placed('place', routine.span, client) } };
}

export function placed<const Name extends string>(
  name: Name,
  span: Span | undefined,
  client: Client,
): { readonly [N in Name]?: ProtocolPlace } {
  if (span === undefined) return {};
  const { line, column } = rangeFor(client, span);
  const place: ProtocolPlace = { path: pathFor(client, span.file.path), line, column };
  // A computed name is a string for the compiler.
  return { [name]: place } as { readonly [N in Name]?: ProtocolPlace };
}
