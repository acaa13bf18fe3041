/**
 * Names of headers that Microsoft ships and we do not bundle. In: the name of a header that was not found. Out: whether
 * it is one of the WDK or of the SDK; a name that nobody knows is somebody's own header, or a slip of the hand.
 */

/** Whose header it is: of drivers and of what they share with programs, or of programs alone. */
export type HeaderOrigin = 'wdk' | 'sdk';

/** Headers of the WDK and of its frameworks, in lower case and without `.h`. */
const wdkHeaders: ReadonlySet<string> = new Set(
  `acpiioct acpitabl afilter ata batclass bthddi bthdef bthguid bthioctl bthsdpddi bthsdpdef bthxddi classpnp d3dhal
  d3dkmddi d3dkmthk d3dukmdt dispmprt dpfilter emmintrin evntprov fltkernel fltuser fltuserstructures fwpmk
  fwpmtypes fwpsk fwpstypes fwpvi gpioclx hidclass hidpddi hidpi hidport hidsdi hidusage ia64reg ide ifdef immintrin
  intsafe ioaccess ioevent ipexport ipifcons iprtrmib iptypes irb kbdmou ks ksdebug ksmedia ksproxy mce miniport
  mountdev mountmgr ndis ndisguid netadaptercx netioapi netiodef nldef nt ntdd8042 ntddbeep ntddft ntddmodm ntddmou
  ntddndis ntddpar ntddscsi ntddvdeo ntddvol ntiologc ntnls ntpoapi ntrtl nttp nturtl nvme parallel pciprop pepfx
  pfhook poclass portcls reshub scsi scsiwmi sdbus sdpnode sensorscx smbus smclib spb spbcx srb srbhelper stdunk
  storduid storport stortrce strmini strsafe suppress swdevice tbs tdi tdiinfo tdikrnl ucmcx ucxclass ude/1.0/udecx
  udecx ufs ufxclient usb usb100 usb200 usbbusif usbcamdi usbdi usbdlib usbioctl usbiodef usbscan usbspec usbuser
  vhf video wdfcx wdfinstaller wdfusb wdm1394 wificx windot11 winmeta wmidata wpprecorder wudfwdm xfilter`.split(/\s+/),
);

/** Headers of programs in user mode, C's library for them among these. */
const sdkHeaders: ReadonlySet<string> = new Set(
  `accctrl aclapi aclui audioclient avrt basetyps cfg cfgmgr32 combaseapi comdef commctrl commdlg comutil conio cpl
  crtdbg d3d11 d3d9 dbghelp dbt delayimp devguid devquery direct dsound dwmapi errhandlingapi evntcons fcntl fileapi
  fwpmu fwpsu gdiplus icmpapi imagehlp infstr io ioapiset iphlpapi libloaderapi lm lmcons mfapi mmdeviceapi mmsystem
  msi msiquery mswsock nb30 netcfgx netfw netlistmgr newdev npapi ntsecapi oaidl objbase objidl ole2 oleauto process
  processthreadsapi propkey propvarutil prsht psapi regstr richedit rpc rpcndr sddl search security setupapi share
  shellapi shlobj shlobj_core shlwapi shobjidl softpub sspi sys/stat sys/timeb sys/types sys/utime sysinfoapi
  taskschd tchar tdh timeapi tlhelp32 unknwn userenv uxtheme versionhelpers wbemcli wbemidl wctype winbase wincodec
  wincon wincred wincrypt windns windows windowsx winefs winerror wingdi winhttp wininet winioctl winnetwk winnt
  winreg winscard winsock winsock2 winsvc winternl wintrust winuser winver wlanapi wrl ws2bth ws2tcpip wtsapi32
  wtypes`.split(/\s+/),
);

const anyName = /./;
/** What of KMDF is left out: DMA, WMI, components of the power framework, most states, the companion, bug check codes. */
const leftOutOfKmdf =
  /^(?:(?:EVT_|PC?|PFN_)?WDF_?(?:\w*_)?(?:DMA|WMI|COMMON_BUFFER|PO_FX|POWER_FRAMEWORK|TASK|FATAL)|Wdf(?:Dma|Wmi|CommonBuffer|Companion|DevState|DeviceWdmAssignPower))/;

/**
 * Headers that are bundled in part, without `.h`, and which names they may lack: of the file system kit and the like
 * there is what drivers of networks use.
 */
const partialHeaders: ReadonlyMap<string, RegExp> = new Map([
  ...'bcrypt evntrace ntddcdrm ntdddisk ntddkbd ntddstor ntifs ntimage windef wmistr'
    .split(' ')
    .map((name) => [name, anyName] as const),
  ['wdf', leftOutOfKmdf],
]);

/** Which of Microsoft's names the bundled header of this path lacks; undefined where it has all of them. */
export function namesLackedBy(path: string): RegExp | undefined {
  return partialHeaders.get(/([^/\\:]+)\.h$/i.exec(path)?.[1]?.toLowerCase() ?? '');
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
