/**
 * What is said of a header that is not there: one problem for each header of a unit, with what to do about it.
 *
 * In: the name, and where it was looked for. Out: a problem at the first `#include` that names it. Trace headers
 * (`x.tmh`) are made by the WPP preprocessor at build time, so they are never anybody's mistake.
 */
import type { Span } from '../../base/source.ts';
import type { HeaderName } from './header.ts';
import { report, type State } from './state.ts';

/** Headers of the WDK and of its frameworks that are not among the bundled ones, in lower case. */
const wdkHeaders: ReadonlySet<string> = new Set(
  `acpiioct.h bthddi.h bthdef.h bthioctl.h bthsdpddi.h classpnp.h d3dkmddi.h d3dkmthk.h dispmprt.h
  driverspecs.h evntprov.h fltkernel.h fltuser.h fltuserstructures.h fwpmk.h fwpmtypes.h fwpsk.h fwpstypes.h fwptypes.h
  fwpvi.h gpioclx.h hidclass.h hidpi.h hidport.h hidsdi.h hidusage.h hubbusif.h ifdef.h ifmib.h iointex.h ipifcons.h
  iphlpapi.h kbdmou.h ks.h ksdebug.h ksmedia.h ksproxy.h l2cmn.h minitape.h miniport.h mountdev.h mountmgr.h mup.h
  mswsock.h nbtioctl.h ndis.h ndischimney.h ndisguid.h nldef.h ntagp.h ntdd8042.h ntddcdrm.h ntddcdvd.h ntddchgr.h
  ntdddisk.h ntddft.h ntddkbd.h ntddmou.h ntddndis.h ntddpar.h ntddscsi.h ntddstor.h ntddtape.h ntddvdeo.h
  ntddvol.h ntdsapi.h ntimage.h ntnls.h ntpoapi.h ntstrsafe.h nttp.h parallel.h pcivirt.h poclass.h portcls.h
  punknown.h reshub.h rxprocs.h scsi.h scsiwmi.h sdbus.h sercx.h sensorscx.h smclib.h spb.h spbcx.h srb.h srbhelper.h
  ucmcx.h ucxclass.h udecx.h ufxbase.h ufxclient.h urscx.h usb.h usb100.h usb200.h usbbusif.h usbdi.h usbdlib.h
  usbdrivr.h usbfnbase.h usbioctl.h usbiodef.h usbspec.h usbstorioctl.h storport.h strmini.h tbs.h tdi.h tdikrnl.h
  tdiinfo.h vhf.h video.h wdf.h wdfcx.h wdfcxbase.h wdfldr.h wdfminiport.h wdfusb.h wdfwmi.h wdftypes.h wdm1394.h wdmguid.h
  wiatwcmp.h wificx.h netadaptercx.h wil/resource.h wmidata.h wmiguid.h wmilib.h wmistr.h wpprecorder.h
  wpp_recorder.h xfilter.h bcrypt.h ksecdd.h ntsecapi.h sspi.h ntdsa.h nt.h ntrtl.h nturtl.h`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Headers of user-mode programs, which no driver can include. */
const userHeaders: ReadonlySet<string> = new Set(['windows.h', 'winsock2.h', 'winsock.h', 'ws2tcpip.h', 'winioctl.h']);

/** Headers of C11 that Microsoft's compiler lacks or has for user mode only, and what a driver takes instead. */
const standardHeaders: Readonly<Record<string, string>> = {
  'stdatomic.h':
    'Use the Interlocked functions of ntddk.h, such as InterlockedIncrement and InterlockedCompareExchange.',
  'threads.h': 'Use PsCreateSystemThread and the mutexes and events of ntddk.h.',
  'complex.h': 'Write a struct with a real and an imaginary part.',
  'tgmath.h': "Include 'math.h' and call the function for the type, such as sqrtf.",
  'fenv.h': 'Leave the rounding mode as it is; a driver saves floating-point state with KeSaveExtendedProcessorState.',
};

/**
 * The bundled header that a missing one of the WDK includes itself, so that most of what follows is understood all the
 * same; undefined for any other header.
 */
export function standIn(name: string): HeaderName | undefined {
  const bare = name.replaceAll('\\', '/').toLowerCase();
  if (!wdkHeaders.has(bare)) return undefined;
  return { name: bare.startsWith('flt') ? 'ntifs.h' : 'ntddk.h', form: 'angled' };
}

/** Reports a header that is not there, unless that was done in this unit. */
export function reportMissing(state: State, header: HeaderName, searched: readonly string[], span: Span): void {
  const name = header.name.replaceAll('\\', '/').toLowerCase();
  if (state.missingHeaders.has(name)) return;
  state.missingHeaders.add(name);
  if (name.endsWith('.tmh')) {
    const message = `'${header.name}' is made by WPP when the driver is built; it is left out here.`;
    report(state, { code: 'trace-header', severity: 'hint', message, span });
    return;
  }
  const shown = searched.map((folder) => (folder === '' ? '.' : folder));
  const where =
    shown.length === 0
      ? ' It was looked for among the bundled headers only.'
      : ` It was looked for in ${shown.join(', ')} and among the bundled headers.`;
  report(state, {
    code: 'include-not-found',
    severity: 'error',
    message: `${subject(header.name, name)}${where} ${advice(name)}`,
    span,
  });
}

function subject(written: string, name: string): string {
  if (wdkHeaders.has(name)) {
    return `'${written}' was not found: it is a WDK header that WSK Workbench does not bundle.`;
  }
  if (userHeaders.has(name))
    return `'${written}' was not found: it is a header of user mode, which a driver cannot include.`;
  if (Object.hasOwn(standardHeaders, name)) return `'${written}' was not found: a WDK build has no such header.`;
  return `The header '${written}' was not found.`;
}

function advice(name: string): string {
  const instead = Object.hasOwn(standardHeaders, name) ? standardHeaders[name] : undefined;
  if (instead !== undefined) return instead;
  if (userHeaders.has(name)) return "Include 'ntddk.h', 'wsk.h' or another header of kernel mode instead.";
  const folder = wdkHeaders.has(name)
    ? 'Where a WDK is installed, add the folder that has it'
    : 'Add the folder that has it';
  return `${folder} to the setting wsk.includePath (in the editor) or with -I (on the command line).`;
}
