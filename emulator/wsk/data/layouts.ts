/**
 * Where the members of WSK_BUF, WSK_DATA_INDICATION and MDL lie that every message needs, in bytes from the structure's
 * start, and the flags of MDLs: looked up in the headers once for each run. Whoever uses an offset goes through guest
 * memory's checks with it, as a view does.
 */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';

export interface WskLayouts {
  readonly wskBuf: { readonly mdl: number; readonly offset: number; readonly length: number };
  readonly dataIndication: IndicationLayout;
  readonly datagramIndication: IndicationLayout;
  readonly mdl: {
    /** Of the structure. */
    readonly bytes: number;
    readonly next: number;
    readonly size: number;
    readonly mdlFlags: number;
    readonly mappedSystemVa: number;
    readonly startVa: number;
    readonly byteOffset: number;
    readonly byteCount: number;
  };
  /** Statuses and flags that every message needs, by the names of the headers. */
  readonly statusPending: number;
  readonly statusSuccess: number;
  readonly flagAtDispatchLevel: number;
  readonly flagEntireMessage: number;
  readonly flagReleaseAsap: number;
  readonly flagNoDelay: number;
  readonly mdlSourceIsNonPagedPool: number;
  readonly mdlMappedToSystemVa: number;
  readonly mdlPagesLocked: number;
  /** WSK may use memory whose MDL has any of these: it is non-paged, locked, mapped, or a part of such. */
  readonly mdlUsable: number;
}

export interface IndicationLayout {
  /** Of the structure. */
  readonly bytes: number;
  readonly bufferMdl: number;
  readonly bufferOffset: number;
  readonly bufferLength: number;
}

export function wskLayouts(kernel: Kernel): WskLayouts {
  return (wskState(kernel).layouts ??= readLayouts(kernel));
}

function readLayouts(kernel: Kernel): WskLayouts {
  const { types } = kernel;
  const wskBuf = (path: string): number => types.offsetOf('WSK_BUF', path);
  const mdl = (path: string): number => types.offsetOf('MDL', path);
  const indication = (type: string): IndicationLayout => ({
    bytes: types.sizeOf(type),
    bufferMdl: types.offsetOf(type, 'Buffer.Mdl'),
    bufferOffset: types.offsetOf(type, 'Buffer.Offset'),
    bufferLength: types.offsetOf(type, 'Buffer.Length'),
  });
  const usable = ['MDL_SOURCE_IS_NONPAGED_POOL', 'MDL_PAGES_LOCKED', 'MDL_MAPPED_TO_SYSTEM_VA', 'MDL_PARTIAL'];
  return {
    wskBuf: { mdl: wskBuf('Mdl'), offset: wskBuf('Offset'), length: wskBuf('Length') },
    dataIndication: indication('WSK_DATA_INDICATION'),
    datagramIndication: indication('WSK_DATAGRAM_INDICATION'),
    mdl: {
      bytes: types.sizeOf('MDL'),
      next: mdl('Next'),
      size: mdl('Size'),
      mdlFlags: mdl('MdlFlags'),
      mappedSystemVa: mdl('MappedSystemVa'),
      startVa: mdl('StartVa'),
      byteOffset: mdl('ByteOffset'),
      byteCount: mdl('ByteCount'),
    },
    statusPending: ntstatus(kernel, 'STATUS_PENDING'),
    statusSuccess: ntstatus(kernel, 'STATUS_SUCCESS'),
    flagAtDispatchLevel: constant(kernel, 'WSK_FLAG_AT_DISPATCH_LEVEL'),
    flagEntireMessage: constant(kernel, 'WSK_FLAG_ENTIRE_MESSAGE'),
    flagReleaseAsap: constant(kernel, 'WSK_FLAG_RELEASE_ASAP'),
    flagNoDelay: constant(kernel, 'WSK_FLAG_NODELAY'),
    mdlSourceIsNonPagedPool: constant(kernel, 'MDL_SOURCE_IS_NONPAGED_POOL'),
    mdlMappedToSystemVa: constant(kernel, 'MDL_MAPPED_TO_SYSTEM_VA'),
    mdlPagesLocked: constant(kernel, 'MDL_PAGES_LOCKED'),
    mdlUsable: usable.reduce((flags, name) => flags | constant(kernel, name), 0),
  };
}
