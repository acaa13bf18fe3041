/* Microsoft's TCP/IP extensions: further socket controls, keep-alive values, addresses as text, addresses of either family. */
#pragma once

#include <ws2ipdef.h>
#include <ip2string.h>

struct tcp_keepalive {
  ULONG onoff;
  ULONG keepalivetime;
  ULONG keepaliveinterval;
};

#define SIO_RCVALL _WSAIOW(IOC_VENDOR, 1)
#define SIO_RCVALL_MCAST _WSAIOW(IOC_VENDOR, 2)
#define SIO_RCVALL_IGMPMCAST _WSAIOW(IOC_VENDOR, 3)
#define SIO_KEEPALIVE_VALS _WSAIOW(IOC_VENDOR, 4)
#define SIO_ABSORB_RTRALERT _WSAIOW(IOC_VENDOR, 5)
#define SIO_UCAST_IF _WSAIOW(IOC_VENDOR, 6)
#define SIO_LIMIT_BROADCASTS _WSAIOW(IOC_VENDOR, 7)
#define SIO_INDEX_BIND _WSAIOW(IOC_VENDOR, 8)
#define SIO_INDEX_MCASTIF _WSAIOW(IOC_VENDOR, 9)
#define SIO_INDEX_ADD_MCAST _WSAIOW(IOC_VENDOR, 10)
#define SIO_INDEX_DEL_MCAST _WSAIOW(IOC_VENDOR, 11)
#define SIO_UDP_CONNRESET _WSAIOW(IOC_VENDOR, 12)
#define SIO_RCVALL_IF _WSAIOW(IOC_VENDOR, 14)
#define SIO_LOOPBACK_FAST_PATH _WSAIOW(IOC_VENDOR, 16)
#define SIO_TCP_INITIAL_RTO _WSAIOW(IOC_VENDOR, 17)
#define SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS _WSAIOW(IOC_VENDOR, 220)
#define SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT _WSAIOW(IOC_VENDOR, 221)
#define SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS _WSAIOW(IOC_VENDOR, 222)

FORCEINLINE BOOLEAN IN4_IS_ADDR_BROADCAST(const IN_ADDR *a) { return (BOOLEAN)(a->s_addr == 0xffffffff); }
FORCEINLINE BOOLEAN IN4_IS_ADDR_LINKLOCAL(const IN_ADDR *a) { return (BOOLEAN)((a->s_addr & 0xffff) == 0xfea9); }
FORCEINLINE BOOLEAN IN6ADDR_ISV4MAPPED(const SOCKADDR_IN6 *a) { return IN6_IS_ADDR_V4MAPPED(&a->sin6_addr); }
FORCEINLINE BOOLEAN INETADDR_ISV4MAPPED(const SOCKADDR *a) {
  return (BOOLEAN)(a->sa_family == AF_INET6 && IN6ADDR_ISV4MAPPED((const SOCKADDR_IN6 *)a));
}
FORCEINLINE const UCHAR *IN6_GET_ADDR_V4MAPPED(const IN6_ADDR *a) { return a->s6_bytes + 12; }
FORCEINLINE VOID IN6_SET_ADDR_V4MAPPED(_Out_ PIN6_ADDR a6, const IN_ADDR *a4) {
  memset(a6, 0, sizeof(*a6));
  a6->s6_words[5] = 0xffff;
  memcpy(a6->s6_bytes + 12, a4, sizeof(*a4));
}
FORCEINLINE VOID IN4ADDR_SETSOCKADDR(_Out_ PSOCKADDR_IN a, const IN_ADDR *addr, USHORT port) {
  IN4ADDR_SETANY(a);
  a->sin_port = port;
  a->sin_addr = *addr;
}
FORCEINLINE VOID IN6ADDR_SETSOCKADDR(_Out_ PSOCKADDR_IN6 a, const IN6_ADDR *addr, SCOPE_ID scope, USHORT port) {
  IN6ADDR_SETANY(a);
  a->sin6_port = port;
  a->sin6_addr = *addr;
  a->sin6_scope_struct = scope;
}
FORCEINLINE VOID IN6ADDR_SETV4MAPPED(_Out_ PSOCKADDR_IN6 a6, const IN_ADDR *a4, SCOPE_ID scope, USHORT port) {
  IN6ADDR_SETANY(a6);
  a6->sin6_port = port;
  a6->sin6_scope_struct = scope;
  IN6_SET_ADDR_V4MAPPED(&a6->sin6_addr, a4);
}
FORCEINLINE PUCHAR INETADDR_ADDRESS(const SOCKADDR *a) {
  return a->sa_family == AF_INET6 ? ((PSOCKADDR_IN6)a)->sin6_addr.s6_bytes : (PUCHAR)&((PSOCKADDR_IN)a)->sin_addr;
}
FORCEINLINE VOID INETADDR_SET_ADDRESS(_Inout_ PSOCKADDR a, const UCHAR *addr) {
  memcpy(INETADDR_ADDRESS(a), addr, a->sa_family == AF_INET6 ? sizeof(IN6_ADDR) : sizeof(IN_ADDR));
}
FORCEINLINE VOID INETADDR_SETSOCKADDR(ADDRESS_FAMILY af, _Out_ PSOCKADDR a, const UCHAR *addr, SCOPE_ID scope, USHORT port) {
  if (af == AF_INET6)
    IN6ADDR_SETSOCKADDR((PSOCKADDR_IN6)a, (const IN6_ADDR *)addr, scope, port);
  else
    IN4ADDR_SETSOCKADDR((PSOCKADDR_IN)a, (const IN_ADDR *)addr, port);
}
FORCEINLINE BOOLEAN INET_ADDR_EQUAL(ADDRESS_FAMILY af, const VOID *x, const VOID *y) {
  return (BOOLEAN)(memcmp(x, y, af == AF_INET6 ? sizeof(IN6_ADDR) : sizeof(IN_ADDR)) == 0);
}
FORCEINLINE BOOLEAN INETADDR_ISEQUAL(const SOCKADDR *x, const SOCKADDR *y) {
  return (BOOLEAN)(x->sa_family == y->sa_family && INETADDR_PORT(x) == INETADDR_PORT(y) &&
                   INET_ADDR_EQUAL(x->sa_family, INETADDR_ADDRESS(x), INETADDR_ADDRESS(y)));
}
