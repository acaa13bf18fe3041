/**
 * Where Microsoft says what a rule holds a driver to. In: the numbers under which our notes list the documentation's
 * rules (a rule's `docRules`), which mean nothing to anybody else. Out: the pages, with names and addresses that a
 * reader can open. A page is written as in the catalog's facts: its UID, or the path of a guide. Flat table: a test
 * holds it against the rules, both ways.
 */
import { pageUrl } from '../../../catalog/page-url.ts';

export interface RuleDocument {
  readonly name: string;
  readonly url: string;
}

/** Each page once, in the order of the numbers. */
export function documentsOf(docRules: readonly string[]): readonly RuleDocument[] {
  const pages = new Set(docRules.flatMap((number) => pagesOf[number] ?? []));
  return [...pages].flatMap((page) => {
    const url = pageUrl(page);
    return url === undefined ? [] : [{ name: nameOf(page), url }];
  });
}

/** The page of a rule with the names that others know it by, and with where it is documented, before its first heading. */
export function withReferences(
  page: string,
  { docRules, also }: { readonly docRules: readonly string[]; readonly also: readonly string[] },
): string {
  const links = documentsOf(docRules).map(({ name, url }) => `[${name}](${url})`);
  const references = [
    ...(links.length === 0 ? [] : [`Documented in ${links.join(', ')}.`]),
    ...(also.length === 0 ? [] : [`Also known as ${also.join(', ')}.`]),
  ];
  const end = page.indexOf('\n## ');
  if (end < 0 || references.length === 0) return page;
  return `${page.slice(0, end)}\n${references.join('\n\n')}\n${page.slice(end)}`;
}

/** "WskSocket" of "NC:wsk.PFN_WSK_SOCKET", "SO_REUSEADDR" of "network/so-reuseaddr", "Reusing IRPs" of a guide. */
function nameOf(page: string): string {
  const name = /^[A-Z]{2}:\w+\.(\w+)$/.exec(page)?.[1];
  if (name === undefined) return guideName(page.replace(/^.*\//, ''));
  const call = /^PFN_WSK_(\w+)$/.exec(name)?.[1];
  if (call === undefined) return name.replace(/^_/, '');
  // The pages of WSK's functions and callbacks stand under their pointer types, which nobody calls them by.
  const words = call.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return `Wsk${words}`;
}

function guideName(slug: string): string {
  if (/^(?:so|sio|wsk|af)-/.test(slug)) return slug.toUpperCase().replaceAll('-', '_');
  const words = slug
    .replaceAll('-', ' ')
    .replace(/\birps\b/, 'IRPs')
    .replace('iocompletion', 'IoCompletion');
  const text = words.replace('winsock kernel', 'Winsock Kernel');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const socket = 'NC:wsk.PFN_WSK_SOCKET';
const irps = 'network/using-irps-with-winsock-kernel-functions';
const events = 'network/winsock-kernel-events';
const controlSocket = 'NC:wsk.PFN_WSK_CONTROL_SOCKET';
const controlClient = 'NC:wsk.PFN_WSK_CONTROL_CLIENT';
const eventOption = 'network/so-wsk-event-callback';
const controls = 'network/performing-control-operations-on-a-socket';
const binding = 'network/binding-a-socket-to-a-transport-address';
const pool = 'NF:wdm.ExAllocatePool2';

export const pagesOf: Readonly<Record<string, readonly string[]>> = {
  R01: ['NF:wsk.WskRegister', 'NF:wsk.WskDeregister'],
  R02: ['NF:wsk.WskCaptureProviderNPI'],
  R03: ['network/unregistering-a-winsock-kernel-application'],
  R04: ['network/registering-a-winsock-kernel-application'],
  R05: ['NF:wsk.WskCaptureProviderNPI'],
  R06: ['NF:wsk.WskRegister', 'NF:wsk.WskDeregister'],
  R07: ['NF:wsk.WskRegister', 'network/registering-a-winsock-kernel-application'],
  R08: ['NF:wsk.WskRegister'],
  R09: ['NS:wsk._WSK_REGISTRATION'],
  R10: ['NS:wsk._WSK_CLIENT_DISPATCH'],
  R11: ['NC:wsk.PFN_WSK_CLIENT_EVENT'],
  R12: ['NF:wsk.WskRegister'],
  R13: [irps, 'NF:wdm.IoAllocateIrp'],
  R14: ['NF:wdm.IoAllocateIrp'],
  R15: [irps],
  R16: [irps, 'NF:wdm.IoSetCompletionRoutine'],
  R17: [irps],
  R18: [irps],
  R19: [irps],
  R20: [irps],
  R21: ['network/creating-sockets'],
  R22: [irps, 'kernel/reusing-irps'],
  R23: ['NF:wdm.IoReuseIrp'],
  R24: [irps],
  R25: [events],
  R26: [irps],
  R27: [irps],
  R28: [socket, 'NC:wsk.PFN_WSK_ACCEPT', 'NC:wsk.PFN_WSK_SOCKET_CONNECT'],
  R29: ['NF:wdm.IoSetCompletionRoutine'],
  R30: [socket],
  R31: [socket],
  R32: [socket],
  R33: ['network/af-inet', 'network/af-inet6'],
  R34: ['NC:wsk.PFN_WSK_BIND', 'NC:wsk.PFN_WSK_CONNECT'],
  R35: ['NC:wsk.PFN_WSK_RECEIVE'],
  R36: ['NC:wsk.PFN_WSK_RECEIVE'],
  R37: ['NC:wsk.PFN_WSK_SEND', 'NC:wsk.PFN_WSK_RECEIVE', 'NC:wsk.PFN_WSK_DISCONNECT'],
  R38: ['NC:wsk.PFN_WSK_DISCONNECT'],
  R39: ['NC:wsk.PFN_WSK_CONNECT_EX'],
  R40: ['NC:wsk.PFN_WSK_INSPECT_COMPLETE'],
  R41: ['NC:wsk.PFN_WSK_INSPECT_EVENT', 'NS:wsk._WSK_INSPECT_ID'],
  R42: ['NS:wsk._WSK_INSPECT_ID'],
  R43: ['NC:wsk.PFN_WSK_SEND_TO'],
  R44: ['NC:wsk.PFN_WSK_SEND_TO', 'NC:wsk.PFN_WSK_RECEIVE_FROM'],
  R45: ['NS:wsk._WSK_BUF'],
  R46: [controlSocket, controlClient],
  R47: [controlSocket, controlClient],
  R48: [controlSocket, controlClient],
  R49: [controls],
  R50: [controls],
  R51: [controlSocket],
  R52: [controlSocket],
  R53: [eventOption],
  R54: [eventOption],
  R55: [eventOption, 'NS:wsk._WSK_EVENT_CALLBACK_CONTROL'],
  R56: ['network/enabling-and-disabling-event-callback-functions'],
  R57: ['NC:wsk.PFN_WSK_GET_NAME_INFO'],
  R58: ['NC:wsk.PFN_WSK_GET_ADDRESS_INFO'],
  R59: ['NC:wsk.PFN_WSK_GET_ADDRESS_INFO', 'NC:wsk.PFN_WSK_FREE_ADDRESS_INFO'],
  R60: ['network/resolving-host-names-and-ip-addresses'],
  R61: [controlSocket],
  R62: ['network/sio-loopback-fast-path', 'network/wsk-tdi-behavior', 'network/wsk-tdi-devicename-mapping'],
  R64: [binding],
  R65: ['NC:wsk.PFN_WSK_SEND', 'NC:wsk.PFN_WSK_RECEIVE'],
  R66: ['NS:wsk._WSK_SOCKET'],
  R67: [binding],
  R68: [controls],
  R69: [eventOption],
  R70: ['network/sio-wsk-set-remote-address', 'network/sio-wsk-set-sendto-address'],
  R71: ['network/wsk-set-static-event-callbacks'],
  R72: ['NC:wsk.PFN_WSK_CLOSE_SOCKET'],
  R73: ['NC:wsk.PFN_WSK_RELEASE_DATA_INDICATION_LIST', 'NC:wsk.PFN_WSK_RELEASE_DATAGRAM_INDICATION_LIST'],
  R74: ['NC:wsk.PFN_WSK_RELEASE_DATA_INDICATION_LIST'],
  R75: [controlSocket, 'NC:wsk.PFN_WSK_ACCEPT', 'NC:wsk.PFN_WSK_RECEIVE_FROM'],
  R76: ['NC:wsk.PFN_WSK_SEND', 'NC:wsk.PFN_WSK_RECEIVE'],
  R77: [socket, 'network/wsk-cache-sd'],
  R78: ['NS:wsk._WSK_CLIENT_LISTEN_DISPATCH'],
  R79: ['NF:wsk.WskDeregister', 'network/closing-a-socket'],
  R80: [events],
  R81: ['NC:wsk.PFN_WSK_BIND', 'NC:wsk.PFN_WSK_CONNECT', 'NC:wsk.PFN_WSK_SEND_TO'],
  R82: ['NC:wsk.PFN_WSK_ACCEPT_EVENT'],
  R83: ['NC:wsk.PFN_WSK_LISTEN', 'NC:wsk.PFN_WSK_CONNECT'],
  R84: ['network/sio-wsk-set-tcp-silent-mode'],
  R85: [events],
  R86: ['NC:wsk.PFN_WSK_INSPECT_EVENT'],
  R87: ['NC:wsk.PFN_WSK_ACCEPT_EVENT'],
  R88: [events],
  R89: ['NC:wsk.PFN_WSK_RECEIVE_EVENT'],
  R90: [events, 'kernel/managing-hardware-priorities'],
  R91: ['NF:wdm.KeWaitForSingleObject'],
  R92: ['NF:wdm.KeWaitForSingleObject', 'NF:wdm.KeInitializeEvent'],
  R93: ['NF:wdm.KeInitializeEvent'],
  R94: ['NC:wdm.IO_COMPLETION_ROUTINE'],
  R95: ['NF:wdm.MmBuildMdlForNonPagedPool'],
  R96: ['NF:wdm.MmProbeAndLockPages'],
  R97: [pool],
  R98: ['NF:wdm.IoFreeIrp'],
  R99: [pool],
  R100: ['NF:wdm.ExAllocatePoolWithTag', 'NF:wdm.ExAllocatePool2'],
  R101: ['NF:wdm.IoBuildDeviceIoControlRequest'],
  R102: ['NF:wdm.IoCompleteRequest'],
  R103: ['NF:netioddk.NmrDeregisterClient'],
  R104: ['NC:netioddk.NPI_CLIENT_DETACH_PROVIDER_FN'],
  R105: ['NC:netioddk.NPI_CLIENT_ATTACH_PROVIDER_FN'],
  R106: ['NI:d4drvif.IOCTL_DOT4_LAST'],
  R107: ['NI:d4drvif.IOCTL_DOT4_LAST'],
  R108: ['NI:d4drvif.IOCTL_DOT4_CREATE_SOCKET', 'NI:d4drvif.IOCTL_DOT4_OPEN_CHANNEL'],
  R109: ['NI:d4drvif.IOCTL_DOT4_CREATE_SOCKET', 'NI:d4drvif.IOCTL_DOT4_OPEN_CHANNEL'],
  R110: ['kernel/buffer-descriptions-for-i-o-control-codes'],
  R111: ['NS:d4drvif._DOT4_DC_OPEN_DATA'],
  R112: ['NS:d4iface._DOT4_ACTIVITY'],
  R113: ['NS:d4drvif._DOT4_DC_CREATE_DATA'],
  R114: ['NS:d4iface._DOT4_ACTIVITY'],
  R115: ['NF:wdfiotarget.WdfIoTargetSendIoctlSynchronously'],
  R116: ['NF:wdm.IoBuildDeviceIoControlRequest'],
  R117: ['NC:wdm.DRIVER_DISPATCH'],
};
