/**
 * Sections: memory behind a handle, mapped into views. All address spaces of a run are one, so every view of a section
 * is the same memory. A section of a file begins as a copy of it, and what was written goes back to the file with the
 * last view.
 */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { resize } from '../files/file-system.ts';
import { fileOf } from '../files/open-files.ts';
import { unicodeString } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { handleObject, openDriverHandle } from '../ob/handles.ts';
import { createObject, dereferenceObject, objectAt, referenceObject } from '../ob/objects.ts';
import {
  STATUS_INVALID_FILE_FOR_SECTION,
  STATUS_INVALID_HANDLE,
  STATUS_INVALID_PAGE_PROTECTION,
  STATUS_INVALID_PARAMETER_4,
  STATUS_INVALID_PARAMETER_6,
  STATUS_INVALID_PARAMETER_8,
  STATUS_INVALID_VIEW_SIZE,
  STATUS_MAPPED_ALIGNMENT,
  STATUS_MAPPED_FILE_SIZE_ZERO,
  STATUS_NO_MEMORY,
  STATUS_NOT_MAPPED_VIEW,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_OBJECT_TYPE_MISMATCH,
  STATUS_SECTION_PROTECTION,
} from '../statuses.ts';

const pageBytes = 4096;
const sectionBytesMax = 64 * 1024 * 1024;

/** Where views may begin. */
const granularity = 64 * 1024;
const viewShare = 1;
const viewUnmap = 2;
const noAccess = 1;
/** A protection without what else a page may be told. */
const protectionMask = 0xff;
/** SEC_COMMIT and SEC_RESERVE, of which a section without a file has one; SEC_IMAGE. */
const withoutFile = 0xc00_0000;
const image = 0x100_0000;
/** For each protection of a section, those that its views may have. */
const viewsOf: Readonly<Record<number, number>> = {
  2: 0x0b,
  4: 0x0f,
  8: 0x0b,
  16: 0x11,
  32: 0xbb,
  64: 0xff,
  128: 0xbb,
};

interface SectionDetails {
  readonly memory: GuestAddress;
  readonly size: number;
  /** Path of the file behind it. */
  readonly file: string | undefined;
  /** PAGE_READONLY, PAGE_READWRITE … */
  readonly protection: number;
  /** Views that are mapped: base addresses. */
  readonly views: GuestAddress[];
}

export const sectionApis = {
  ZwCreateSection: (kernel, { arguments: args }) => {
    const refused = refuseSection(args.uint(4), args.uint(5), args.uint64(6) !== 0n);
    if (refused !== 0) return returns(refused);
    const handle = args.uint64(6);
    const opened = handle === 0n ? undefined : fileOf(kernel, handle);
    if (typeof opened === 'number') return returns(opened);
    if (opened?.kind === 'device') return returns(STATUS_OBJECT_TYPE_MISMATCH);
    const node = opened?.file.node;
    const wanted = args.pointer(3) === 0n ? 0n : kernel.memory.readU64(args.pointer(3));
    if (node === undefined && wanted === 0n) return returns(STATUS_INVALID_PARAMETER_4);
    if (node !== undefined && wanted === 0n && node.bytes.length === 0) return returns(STATUS_MAPPED_FILE_SIZE_ZERO);
    const size = wanted === 0n ? (node?.bytes.length ?? 0) : Number(wanted);
    if (size > sectionBytesMax) return returns(STATUS_NO_MEMORY);
    const name = nameOf(kernel, args.pointer(2));
    const rounded = Math.ceil(size / pageBytes) * pageBytes;
    const label = name === undefined ? 'section' : `section ${name}`;
    const region = kernel.memory.allocate({ size: rounded, alignment: pageBytes, kind: 'object', label });
    if (region === undefined) return returns(STATUS_NO_MEMORY);
    kernel.memory.fill(region.start, rounded, 0);
    if (node !== undefined && node.bytes.length > 0)
      kernel.memory.writeBytes(region.start, node.bytes.subarray(0, rounded));
    const protection = args.uint(4) & protectionMask;
    const details: SectionDetails = { memory: region.start, size, file: node?.path, protection, views: [] };
    const object = createObject(kernel, 'section', label, 64, { ...details });
    kernel.memory.writeU64(args.pointer(0), openDriverHandle(kernel, object, args.pointer(2), args.uint(1)));
    dereferenceObject(kernel, object);
    if (name !== undefined) kernel.parts.objects.names.set(name.toLowerCase(), object);
    return returns(0);
  },
  ZwOpenSection: (kernel, { arguments: args }) => {
    const name = nameOf(kernel, args.pointer(2));
    const object = name === undefined ? undefined : kernel.parts.objects.names.get(name.toLowerCase());
    if (object === undefined || sectionAt(kernel, object) === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    kernel.memory.writeU64(args.pointer(0), openDriverHandle(kernel, object, args.pointer(2), args.uint(1)));
    return returns(0);
  },
  ZwMapViewOfSection: (kernel, { arguments: args }) => {
    const object = handleObject(kernel, args.uint64(0));
    if (object === undefined) return returns(STATUS_INVALID_HANDLE);
    const offset = args.pointer(5) === 0n ? 0 : Number(kernel.memory.readU64(args.pointer(5)));
    if (args.uint(7) !== viewShare && args.uint(7) !== viewUnmap) return returns(STATUS_INVALID_PARAMETER_8);
    const protection = args.uint(9) & protectionMask;
    if (!(protection in viewsOf) && protection !== noAccess) return returns(STATUS_INVALID_PAGE_PROTECTION);
    const views = viewsOf[sectionAt(kernel, object)?.protection ?? 0];
    if (views !== undefined && (protection & views) === 0) return returns(STATUS_SECTION_PROTECTION);
    return mapView(kernel, { object, offset, baseAt: args.pointer(2), sizeAt: args.pointer(6) });
  },
  ZwUnmapViewOfSection: (kernel, { arguments: args }) => unmapView(kernel, args.pointer(1)),
  MmMapViewInSystemSpace: (kernel, { arguments: args }) =>
    mapView(kernel, { object: args.pointer(0), offset: 0, baseAt: args.pointer(1), sizeAt: args.pointer(2) }),
  MmUnmapViewInSystemSpace: (kernel, { arguments: args }) => unmapView(kernel, args.pointer(0)),
} satisfies KernelApis;

/** The status with which Windows declines to make such a section, or 0. */
function refuseSection(protection: number, attributes: number, hasFile: boolean): number {
  if ((attributes & (withoutFile | image)) === 0) return STATUS_INVALID_PARAMETER_6;
  if (!((protection & ~0x400) in viewsOf)) return STATUS_INVALID_PAGE_PROTECTION;
  return (attributes & image) !== 0 && !hasFile ? STATUS_INVALID_FILE_FOR_SECTION : 0;
}

interface ViewWish {
  readonly object: GuestAddress;
  readonly offset: number;
  readonly baseAt: GuestAddress;
  /** Size that is wanted, 0 for all; how much it is, where it is mapped. */
  readonly sizeAt: GuestAddress;
}

function mapView(kernel: Kernel, { object, offset, baseAt, sizeAt }: ViewWish): NativeResult {
  const section = sectionAt(kernel, object);
  if (section === undefined) return returns(STATUS_OBJECT_TYPE_MISMATCH);
  if (offset % granularity !== 0) return returns(STATUS_MAPPED_ALIGNMENT);
  const wanted = Number(kernel.memory.readU64(sizeAt));
  if (offset >= section.size || wanted > section.size - offset) return returns(STATUS_INVALID_VIEW_SIZE);
  const size = wanted === 0 ? section.size - offset : wanted;
  const base = (section.memory + BigInt(offset)) as GuestAddress;
  referenceObject(kernel, object);
  section.views.push(base);
  kernel.memory.writePointer(baseAt, base);
  kernel.memory.writeU64(sizeAt, BigInt(Math.ceil(size / pageBytes) * pageBytes));
  return returns(0);
}

function unmapView(kernel: Kernel, base: GuestAddress): NativeResult {
  for (const { address, type } of kernel.parts.objects.records.values()) {
    const section = type === 'section' ? sectionAt(kernel, address) : undefined;
    const at = section?.views.indexOf(base) ?? -1;
    if (section === undefined || at < 0) continue;
    section.views.splice(at, 1);
    if (section.views.length === 0) writeBack(kernel, section);
    dereferenceObject(kernel, address);
    return returns(0);
  }
  return returns(STATUS_NOT_MAPPED_VIEW);
}

function sectionAt(kernel: Kernel, object: GuestAddress): SectionDetails | undefined {
  const record = objectAt(kernel, object);
  return record?.type === 'section' ? (record.details as unknown as SectionDetails) : undefined;
}

function nameOf(kernel: Kernel, attributes: GuestAddress): string | undefined {
  if (attributes === 0n) return undefined;
  const at = kernel.view('OBJECT_ATTRIBUTES', attributes).getPointer('ObjectName');
  return at === 0n ? undefined : unicodeString(kernel, at);
}

/** A file never shrinks by this, and grows as far as the section that was made longer than it. */
function writeBack(kernel: Kernel, { file, memory, size }: SectionDetails): void {
  const state = kernel.parts.files;
  const node = file === undefined ? undefined : state.nodes.get(file.toLowerCase());
  if (node === undefined || (size > node.bytes.length && !resize(state, node, size))) return;
  node.bytes.set(kernel.memory.readBytes(memory, size));
}
