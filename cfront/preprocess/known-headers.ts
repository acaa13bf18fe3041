/**
 * Names of headers that Microsoft ships and we do not bundle. In: the name of a header that was not found. Out: whether
 * it is one of the WDK or of the SDK; a name that nobody knows is somebody's own header, or a slip of the hand.
 */

/** Whose header it is: of drivers and of what they share with programs, or of programs alone. */
export type HeaderOrigin = 'wdk' | 'sdk';

/** Headers of the WDK and of its frameworks, in lower case and without `.h`. */
const wdkHeaders: ReadonlySet<string> = new Set(
  `1394 61883 acpiioct acpitabl afilter amtvuids ata ataport atm avc avcstrm bdasup bthddi bthdef bthioctl bthsdpddi
  classpnp d3dhal d3dhalex d3dkmddi d3dkmthk d3dukmdt dderror dispmprt dmusicks dpfilter drivinit drmk dxapi evntprov
  fltkernel fltsafe fltuser fltuserstructures fwpmk fwpmtypes fwpsk fwpstypes fwptypes fwpvi gpioclx hidclass hidpddi
  hidpi hidport hidsdi hidusage hubbusif ia64reg ide ifdef ifmib immintrin emmintrin intsafe ioaccess ioevent iointex
  ipexport ipifcons ipmib iprtrmib iptypes irb kbdmou kcom ks ksdebug ksecdd ksguid ksmedia ksproxy l2cmn mcd mce mcx
  minitape miniport mountdev mountmgr msports mup nbtioctl ndis ndischimney ndisguid ndistapi ndiswan netadaptercx
  netioapi netiodef netpnp nldef nt ntagp ntdd1394 ntdd8042 ntddbeep ntddcdrm ntddcdvd ntddchgr ntdddisk ntddft
  ntddkbd ntddmmc ntddmodm ntddmou ntddndis ntddpar ntddpcm ntddpsch ntddscsi ntddsnd ntddstor ntddtape ntddtdi
  ntddtx ntddvdeo ntddvol ntimage ntiologc ntnls ntpoapi ntrtl nttp nturtl ntverp nvme oprghdlr parallel pciprop
  pcivirt pep_x pepfx pfhook poclass portcls punknown reshub rxprocs rxcontx scsi scsiscan scsiwmi sdbus sercx
  sffdisk sensorscx smbus smclib spb spbcx srb srbhelper stdunk storduid storport stortrce strmini strsafe suppress
  swdevice swenum tbs tdi tdiinfo tdikrnl tdistat ucmcx ucxclass udecx ufxbase ufxclient ufs upssvc urscx usb usb100
  usb200 usbbusif usbcamdi usbdi usbdlib usbdrivr usbfnbase usbioctl usbiodef usbkern usbprint usbprotocoldefs
  usbscan usbspec usbstorioctl usbuser vhf video videoagp wdf wdfcx wdfcxbase wdfldr wdfminiport wdftypes wdfusb
  wdfwmi wdm1394 wiatwcmp wificx windot11 winmeta wlantypes wmidata wmiguid wpprecorder wpp_recorder ws2san xfilter
  zwapi`.split(/\s+/),
);

/** Headers of programs in user mode, C's library for them among these. */
const sdkHeaders: ReadonlySet<string> = new Set(
  `accctrl aclapi aclui audioclient avrt basetyps cfg cfgmgr32 combaseapi comdef commctrl commdlg comutil conio cpl
  crtdbg d3d11 d3d9 dbghelp dbt delayimp devguid devquery direct dsound dwmapi errhandlingapi evntcons fcntl fileapi
  fwpmu fwpsu gdiplus handleapi httpserv icmpapi imagehlp infstr ioapiset io iphlpapi libloaderapi lm lmcons
  memoryapi mfapi mmdeviceapi mmsystem msi msiquery mswsock nb30 netcfgx netfw netlistmgr newdev npapi ntdsa ntdsapi
  ntsecapi oaidl objbase objidl ole2 oleauto process processthreadsapi propkey propvarutil prsht psapi regstr
  richedit rpc rpcndr sddl search security setupapi share shellapi shlobj shlobj_core shlwapi shobjidl softpub sspi
  synchapi sys/stat sys/timeb sys/types sys/utime sysinfoapi taskschd tchar tdh timeapi tlhelp32 unknwn userenv
  uxtheme versionhelpers wbemcli wbemidl wctype winbase wincodec wincon wincred wincrypt windns windows windowsx
  winefs winerror wingdi winhttp wininet winioctl winnetwk winnt winreg winscard winsock winsock2 winspool winsvc
  wintrust winternl winuser winver wlanapi wrl ws2bth ws2tcpip wtsapi32 wtypes`.split(/\s+/),
);

/** Headers that are bundled in part, without `.h`: of the file system kit and the like what drivers of networks use. */
const partialHeaders: ReadonlySet<string> = new Set(
  `bcrypt evntrace ntddcdrm ntdddisk ntddkbd ntddmou ntddscsi ntddstor ntddvol ntifs ntimage mountdev mountmgr windef wmistr`.split(
    /\s+/,
  ),
);

/** The bundled header of this path has some names of Microsoft's only. */
export function isPartialHeader(path: string): boolean {
  return partialHeaders.has(/([^/\\:]+)\.h$/i.exec(path)?.[1]?.toLowerCase() ?? '');
}

/** `name` in any case, with the folder of the kits before it or none; undefined for a header that nobody knows. */
export function headerOrigin(name: string): HeaderOrigin | undefined {
  const stem = /^(?:(?:ddk|km|shared|um)\/)?(.+)\.h$/.exec(name.replaceAll('\\', '/').toLowerCase())?.[1];
  if (stem === undefined) return undefined;
  if (wdkHeaders.has(stem)) return 'wdk';
  return sdkHeaders.has(stem) || /^(?:afx|atl)\w*$/.test(stem) ? 'sdk' : undefined;
}

/** All of them without `.h`, for a name that is near. */
export function knownHeaders(): readonly string[] {
  return [...wdkHeaders, ...sdkHeaders];
}
