/**
 * Names of Windows' and Winsock's interfaces for programs, which a driver's author may write by habit, and what a driver
 * has in their place. None of them is declared by a header of the kernel's.
 */

/** Each line: what a driver uses, and behind the colon the names that it stands for. */
const counterparts = `
RtlUshortByteSwap: htons ntohs
RtlUlongByteSwap: htonl ntohl
RtlIpv4StringToAddress: inet_addr inet_aton inet_pton InetPtonA InetPtonW
RtlIpv4AddressToString: inet_ntoa inet_ntop InetNtopA InetNtopW
WskRegister and WskCaptureProviderNPI: WSAStartup WSADATA
WskReleaseProviderNPI and WskDeregister: WSACleanup
WskSocket: socket WSASocket WSASocketA WSASocketW
PWSK_SOCKET: SOCKET
WskCloseSocket: closesocket
WskSend: WSASend
WskReceive: recv WSARecv
WskSendTo: sendto WSASendTo
WskReceiveFrom: recvfrom WSARecvFrom
WskControlSocket: setsockopt getsockopt ioctlsocket WSAIoctl
WskGetAddressInfo: getaddrinfo gethostbyname GetAddrInfoW
WskFreeAddressInfo: freeaddrinfo FreeAddrInfoW
WskGetNameInfo: getnameinfo GetNameInfoW
NULL: INVALID_HANDLE_VALUE INVALID_SOCKET
the status that each call returns: GetLastError SetLastError WSAGetLastError SOCKET_ERROR
STATUS_SUCCESS: ERROR_SUCCESS NO_ERROR
ZwClose: CloseHandle RegCloseKey
ZwCreateFile: CreateFile CreateFileA CreateFileW
ZwReadFile: ReadFile
ZwWriteFile: WriteFile
IoBuildDeviceIoControlRequest and IoCallDriver: DeviceIoControl
PsCreateSystemThread: CreateThread _beginthread _beginthreadex
PsTerminateSystemThread: ExitThread _endthread _endthreadex
KeDelayExecutionThread: Sleep SleepEx
KeWaitForSingleObject: WaitForSingleObject WaitForSingleObjectEx
KeWaitForMultipleObjects: WaitForMultipleObjects WaitForMultipleObjectsEx
KeInitializeEvent: CreateEvent CreateEventA CreateEventW
KeSetEvent: SetEvent
KeClearEvent: ResetEvent
KeInitializeMutex: CreateMutex CreateMutexA CreateMutexW
KeReleaseMutex: ReleaseMutex
ExInitializeFastMutex: InitializeCriticalSection
ExAcquireFastMutex: EnterCriticalSection
ExReleaseFastMutex: LeaveCriticalSection
FAST_MUTEX: CRITICAL_SECTION
KeQueryInterruptTime: GetTickCount GetTickCount64 timeGetTime
KeQueryPerformanceCounter: QueryPerformanceCounter QueryPerformanceFrequency
KeQuerySystemTime: GetSystemTimeAsFileTime GetSystemTime
DbgPrint: OutputDebugString OutputDebugStringA OutputDebugStringW
ExAllocatePool2: HeapAlloc LocalAlloc GlobalAlloc VirtualAlloc
ExFreePoolWithTag: HeapFree LocalFree GlobalFree VirtualFree
PsGetCurrentThreadId: GetCurrentThreadId
PsGetCurrentProcessId: GetCurrentProcessId
PsGetCurrentProcess: GetCurrentProcess
PsGetCurrentThread: GetCurrentThread
MmGetSystemRoutineAddress: GetProcAddress
ZwOpenKey: RegOpenKeyEx RegOpenKeyExA RegOpenKeyExW
ZwQueryValueKey: RegQueryValueEx RegQueryValueExA RegQueryValueExW
ZwSetValueKey: RegSetValueEx RegSetValueExA RegSetValueExW
RtlZeroMemory: ZeroMemory
RtlCopyMemory: CopyMemory
RtlMoveMemory: MoveMemory
RtlFillMemory: FillMemory
RtlSecureZeroMemory: SecureZeroMemory
`;

const byName: ReadonlyMap<string, string> = new Map(
  counterparts
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [driver = '', names = ''] = line.split(': ');
      return names.split(' ').map((name) => [name, driver] as const);
    }),
);

export const programNames: readonly string[] = [...byName.keys()];

/** What a driver has in the place of a name for programs: "RtlUshortByteSwap" for htons. */
export function driverCounterpart(name: string): string | undefined {
  return byName.get(name);
}
