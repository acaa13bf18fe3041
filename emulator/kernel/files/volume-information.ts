/**
 * What a handle says of its volume (ZwQueryVolumeInformationFile): of a file, the one drive of the run, an NTFS volume; of
 * a device, its type and characteristics, which the I/O manager knows without asking the driver. Any other question about
 * a device would go to its driver as IRP_MJ_QUERY_VOLUME_INFORMATION, which no network driver answers.
 */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel, StructView } from '../kernel-types.ts';
import {
  STATUS_BUFFER_OVERFLOW,
  STATUS_INFO_LENGTH_MISMATCH,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_INFO_CLASS,
} from '../statuses.ts';
import { fileOf, finish } from './open-files.ts';

/** Values of FS_INFORMATION_CLASS. */
const kind = { volume: 1, size: 3, device: 4, attribute: 5, fullSize: 7 };
const fileDeviceDisk = 7;
const deviceIsMounted = 0x20;
/** Case, Unicode, ACLs, compression, quotas, sparse files, reparse points, object ids, encryption, streams. */
const attributes = 0x00c7_06ff;
const nameMax = 255;
const label = 'Windows';
const serialNumber = 0x5753_4b57;
const sectorBytes = 512;
const sectorsPerUnit = 8;
/** Clusters of 4 KB: 64 GB, of which half is free. */
const units = 16 * 1024 * 1024;

export const volumeInformationApis = {
  ZwQueryVolumeInformationFile: (kernel, { arguments: args }) => {
    const opened = fileOf(kernel, args.uint64(0));
    if (typeof opened === 'number') return returns(opened);
    const question = { iosb: args.pointer(1), buffer: args.pointer(2), length: args.uint(3) };
    if (opened.kind === 'file') return queryVolume(kernel, question, args.int(4));
    if (args.int(4) !== kind.device) return returns(STATUS_INVALID_DEVICE_REQUEST);
    const device = kernel.view('DEVICE_OBJECT', opened.device.device);
    const [type, characteristics] = [device.getNumber('DeviceType'), device.getNumber('Characteristics')];
    return fill(kernel, question, 'FILE_FS_DEVICE_INFORMATION', (view) => {
      view.set('DeviceType', type);
      view.set('Characteristics', characteristics >>> 0);
    });
  },
} satisfies KernelApis;

interface Question {
  readonly iosb: GuestAddress;
  readonly buffer: GuestAddress;
  readonly length: number;
}

function queryVolume(kernel: Kernel, question: Question, wanted: number): NativeResult {
  switch (wanted) {
    case kind.volume:
      return fillNamed(kernel, question, 'FILE_FS_VOLUME_INFORMATION', 'VolumeLabel', label, (view) => {
        view.set('VolumeSerialNumber', serialNumber);
        view.set('VolumeLabelLength', label.length * 2);
        view.set('SupportsObjects', 1);
      });
    case kind.attribute:
      return fillNamed(kernel, question, 'FILE_FS_ATTRIBUTE_INFORMATION', 'FileSystemName', 'NTFS', (view) => {
        view.set('FileSystemAttributes', attributes);
        view.set('MaximumComponentNameLength', nameMax);
        view.set('FileSystemNameLength', 8);
      });
    case kind.size:
      return fill(kernel, question, 'FILE_FS_SIZE_INFORMATION', (view) => {
        view.set('TotalAllocationUnits', units);
        view.set('AvailableAllocationUnits', units / 2);
        view.set('SectorsPerAllocationUnit', sectorsPerUnit);
        view.set('BytesPerSector', sectorBytes);
      });
    case kind.fullSize:
      return fill(kernel, question, 'FILE_FS_FULL_SIZE_INFORMATION', (view) => {
        view.set('TotalAllocationUnits', units);
        view.set('CallerAvailableAllocationUnits', units / 2);
        view.set('ActualAvailableAllocationUnits', units / 2);
        view.set('SectorsPerAllocationUnit', sectorsPerUnit);
        view.set('BytesPerSector', sectorBytes);
      });
    case kind.device:
      return fill(kernel, question, 'FILE_FS_DEVICE_INFORMATION', (view) => {
        view.set('DeviceType', fileDeviceDisk);
        view.set('Characteristics', deviceIsMounted);
      });
    default:
      return returns(STATUS_INVALID_INFO_CLASS);
  }
}

function fill(kernel: Kernel, question: Question, type: string, write: (view: StructView) => void): NativeResult {
  const size = kernel.types.sizeOf(type);
  if (question.length < size) return returns(STATUS_INFO_LENGTH_MISMATCH);
  kernel.memory.fill(question.buffer, size, 0);
  write(kernel.view(type, question.buffer));
  return finish(kernel, question.iosb, 0, size);
}

/** A structure that ends in a text: as much of it as there is room for. */
function fillNamed(
  kernel: Kernel,
  question: Question,
  type: string,
  member: string,
  text: string,
  write: (view: StructView) => void,
): NativeResult {
  const { buffer, length, iosb } = question;
  // The structure with one character is what the I/O manager asks for at least.
  if (length < kernel.types.sizeOf(type)) return returns(STATUS_INFO_LENGTH_MISMATCH);
  const fixed = kernel.types.offsetOf(type, member);
  kernel.memory.fill(buffer, fixed, 0);
  write(kernel.view(type, buffer));
  const fits = Math.min(text.length, (length - fixed) >> 1);
  writeText(kernel, (buffer + BigInt(fixed)) as GuestAddress, text.slice(0, fits), 2);
  return finish(kernel, iosb, fits < text.length ? STATUS_BUFFER_OVERFLOW : 0, fixed + fits * 2);
}
