/* Internet and hardware addresses as text and back, with ports and scopes (ip2string.h). */
#include "check.h"
#include <wsk.h>
#include <mstcpip.h>

static VOID CheckIpv4(VOID) {
  IN_ADDR address;
  CHAR text[32];
  WCHAR wide[32];
  ULONG length = RTL_NUMBER_OF(text);
  USHORT port = 1;
  CHECK(NT_SUCCESS(RtlIpv4StringToAddressExA("192.0.2.1:8080", TRUE, &address, &port)));
  CHECK(address.s_addr == RtlUlongByteSwap(0xC0000201));
  CHECK(port == RtlUshortByteSwap(8080));
  CHECK(NT_SUCCESS(RtlIpv4AddressToStringExA(&address, port, text, &length)));
  CHECK(strcmp(text, "192.0.2.1:8080") == 0 && length == 15);
  length = RTL_NUMBER_OF(wide);
  CHECK(NT_SUCCESS(RtlIpv4AddressToStringExW(&address, 0, wide, &length)));
  CHECK(wcscmp(wide, L"192.0.2.1") == 0 && length == 10);
  length = 5;
  CHECK(RtlIpv4AddressToStringExW(&address, 0, wide, &length) == STATUS_INVALID_PARAMETER);
  CHECK(length == 10);
  CHECK(NT_SUCCESS(RtlIpv4StringToAddressExW(L"10.1", FALSE, &address, &port)));
  CHECK(address.s_addr == RtlUlongByteSwap(0x0A000001) && port == 0);
  CHECK(RtlIpv4StringToAddressExW(L"10.1", TRUE, &address, &port) == STATUS_INVALID_PARAMETER);
  CHECK(RtlIpv4StringToAddressExA("10.0.0.1x", TRUE, &address, &port) == STATUS_INVALID_PARAMETER);
  CHECK(RtlIpv4StringToAddressExA("10.0.0.1:70000", TRUE, &address, &port) == STATUS_INVALID_PARAMETER);
}

static VOID CheckIpv6(VOID) {
  IN6_ADDR address;
  CHAR text[INET6_ADDRSTRLEN];
  WCHAR wide[INET6_ADDRSTRLEN];
  ULONG scope = 1, length = RTL_NUMBER_OF(text);
  USHORT port = 1;
  CHECK(NT_SUCCESS(RtlIpv6StringToAddressExA("[fe80::1%4]:443", &address, &scope, &port)));
  CHECK(address.u.Byte[0] == 0xfe && address.u.Byte[15] == 1);
  CHECK(scope == 4 && port == RtlUshortByteSwap(443));
  CHECK(NT_SUCCESS(RtlIpv6AddressToStringExA(&address, scope, port, text, &length)));
  CHECK(strcmp(text, "[fe80::1%4]:443") == 0 && length == 16);
  length = RTL_NUMBER_OF(wide);
  CHECK(NT_SUCCESS(RtlIpv6AddressToStringExW(&address, 0, 0, wide, &length)));
  CHECK(wcscmp(wide, L"fe80::1") == 0 && length == 8);
  CHECK(NT_SUCCESS(RtlIpv6StringToAddressExW(L"2001:db8::2", &address, &scope, &port)));
  CHECK(scope == 0 && port == 0);
  CHECK(RtlIpv6StringToAddressExA("[::1", &address, &scope, &port) == STATUS_INVALID_PARAMETER);
  CHECK(RtlIpv6StringToAddressExA("::1 ", &address, &scope, &port) == STATUS_INVALID_PARAMETER);
}

static VOID CheckEthernet(VOID) {
  DL_EUI48 address;
  PCSTR end;
  LPCWSTR wideEnd;
  CHAR text[18];
  WCHAR wide[18];
  CHECK(NT_SUCCESS(RtlEthernetStringToAddressA("00-15-5d-A-02-03;", &end, &address)));
  CHECK(*end == ';' && address.Byte[3] == 10 && address.Byte[5] == 3);
  CHECK(RtlEthernetAddressToStringA(&address, text) == text + 17);
  CHECK(strcmp(text, "00-15-5D-0A-02-03") == 0);
  CHECK(RtlEthernetAddressToStringW(&address, wide) == wide + 17);
  CHECK(NT_SUCCESS(RtlEthernetStringToAddressW(wide, &wideEnd, &address)) && *wideEnd == 0);
  CHECK(RtlEthernetStringToAddressA("00-15", &end, &address) == STATUS_INVALID_PARAMETER);
}

/* What mstcpip.h has for addresses whose family is known at run time only. */
static VOID CheckEitherFamily(VOID) {
  IN_ADDR four = {.s_addr = RtlUlongByteSwap(0xC0A80107)};
  SCOPE_ID none = SCOPEID_UNSPECIFIED_INIT;
  SOCKADDR_IN6 mapped, six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_port = 7};
  SOCKADDR_STORAGE any;
  SOCKADDR *address = (SOCKADDR *)&any;
  IN6ADDR_SETV4MAPPED(&mapped, &four, none, 80);
  CHECK(mapped.sin6_family == AF_INET6 && mapped.sin6_port == 80 && IN6ADDR_ISV4MAPPED(&mapped));
  CHECK(INETADDR_ISV4MAPPED((SOCKADDR *)&mapped) && !INETADDR_ISV4MAPPED((SOCKADDR *)&six));
  CHECK(RtlEqualMemory(IN6_GET_ADDR_V4MAPPED(&mapped.sin6_addr), &four, sizeof(four)));
  CHECK(!IN4_IS_ADDR_LINKLOCAL(&four) && !IN4_IS_ADDR_BROADCAST(&four));
  RtlZeroMemory(&any, sizeof(any));
  INETADDR_SETSOCKADDR(AF_INET, address, (const UCHAR *)&four, none, 80);
  CHECK(address->sa_family == AF_INET && INETADDR_PORT(address) == 80);
  CHECK(INETADDR_ADDRESS(address) == (PUCHAR) & ((PSOCKADDR_IN)address)->sin_addr);
  CHECK(INET_ADDR_EQUAL(AF_INET, INETADDR_ADDRESS(address), &four));
  CHECK(!INETADDR_ISEQUAL(address, (SOCKADDR *)&six));
  INETADDR_SETSOCKADDR(AF_INET6, address, six.sin6_addr.s6_bytes, none, 7);
  CHECK(INETADDR_ISEQUAL(address, (SOCKADDR *)&six) && INETADDR_ISLOOPBACK(address));
  INETADDR_SET_ADDRESS(address, mapped.sin6_addr.s6_bytes);
  CHECK(INETADDR_ISV4MAPPED(address) && !INETADDR_ISEQUAL(address, (SOCKADDR *)&six));
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  UNREFERENCED_PARAMETER(DriverObject);
  UNREFERENCED_PARAMETER(RegistryPath);
  CheckIpv4();
  CheckIpv6();
  CheckEthernet();
  CheckEitherFamily();
}
