/** Numbers of the DDI that say what a request is: IRP_MJ_… and the METHOD_… in a control code. */

/** IRP_MJ_… by what people call them. */
export const majors = {
  create: 0x00,
  close: 0x02,
  read: 0x03,
  write: 0x04,
  flush: 0x09,
  'fs-control': 0x0d,
  control: 0x0e,
  'internal-control': 0x0f,
  cleanup: 0x12,
  power: 0x16,
  pnp: 0x1b,
} as const;

/** Entries of a dispatch table: IRP_MJ_MAXIMUM_FUNCTION and one more. */
export const majorFunctions = 0x1c;

/** How the buffers of a control code come: its two lowest bits. */
export const methods = { buffered: 0, 'in-direct': 1, 'out-direct': 2, neither: 3 } as const;

/** The second buffer comes as an MDL. */
export function isDirect(method: number): boolean {
  return method === methods['in-direct'] || method === methods['out-direct'];
}

export function methodOf(controlCode: number): number {
  return controlCode & 3;
}

/** IRP_MJ_… by their numbers. */
const majorNames = [
  'CREATE',
  'CREATE_NAMED_PIPE',
  'CLOSE',
  'READ',
  'WRITE',
  'QUERY_INFORMATION',
  'SET_INFORMATION',
  'QUERY_EA',
  'SET_EA',
  'FLUSH_BUFFERS',
  'QUERY_VOLUME_INFORMATION',
  'SET_VOLUME_INFORMATION',
  'DIRECTORY_CONTROL',
  'FILE_SYSTEM_CONTROL',
  'DEVICE_CONTROL',
  'INTERNAL_DEVICE_CONTROL',
  'SHUTDOWN',
  'LOCK_CONTROL',
  'CLEANUP',
  'CREATE_MAILSLOT',
  'QUERY_SECURITY',
  'SET_SECURITY',
  'POWER',
  'SYSTEM_CONTROL',
  'DEVICE_CHANGE',
  'QUERY_QUOTA',
  'SET_QUOTA',
  'PNP',
];

/** "IRP_MJ_READ". */
export function majorName(major: number): string {
  const name = majorNames[major];
  return name === undefined ? `major function ${major}` : `IRP_MJ_${name}`;
}
