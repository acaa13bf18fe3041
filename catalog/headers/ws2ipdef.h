/* TCP/IP part of the Winsock definitions: IPv6 socket addresses, options of IP, IPv6, TCP and UDP, packet information. */
#pragma once
#define _WS2IPDEF_

#include <ws2def.h>
#include <in6addr.h>

typedef struct sockaddr_in6 {
  ADDRESS_FAMILY sin6_family;
  USHORT sin6_port;
  ULONG sin6_flowinfo;
  IN6_ADDR sin6_addr;
  union {
    ULONG sin6_scope_id;
    SCOPE_ID sin6_scope_struct;
  };
} SOCKADDR_IN6_LH, *PSOCKADDR_IN6_LH, *LPSOCKADDR_IN6_LH;
typedef SOCKADDR_IN6_LH SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6;

typedef union _SOCKADDR_INET {
  SOCKADDR_IN Ipv4;
  SOCKADDR_IN6 Ipv6;
  ADDRESS_FAMILY si_family;
} SOCKADDR_INET, *PSOCKADDR_INET;

typedef struct _sockaddr_in6_pair {
  PSOCKADDR_IN6 SourceAddress;
  PSOCKADDR_IN6 DestinationAddress;
} SOCKADDR_IN6_PAIR, *PSOCKADDR_IN6_PAIR;

#define IN6ADDR_ANY_INIT {0}
#define IN6ADDR_LOOPBACK_INIT {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}}
#define IN4ADDR_ANY_INIT {{{0, 0, 0, 0}}}
#define IN4ADDR_LOOPBACK_INIT {{{0x7f, 0, 0, 1}}}
/* With the WDK these come from a library; here each file has its own, which nobody can tell. */
static const IN6_ADDR in6addr_any = IN6ADDR_ANY_INIT;
static const IN6_ADDR in6addr_loopback = IN6ADDR_LOOPBACK_INIT;
static const IN_ADDR in4addr_any = IN4ADDR_ANY_INIT;
static const IN_ADDR in4addr_loopback = IN4ADDR_LOOPBACK_INIT;
static const SCOPE_ID scopeid_unspecified = SCOPEID_UNSPECIFIED_INIT;

FORCEINLINE BOOLEAN IN6_ADDR_EQUAL(const IN6_ADDR *x, const IN6_ADDR *y) {
  return (BOOLEAN)(memcmp(x, y, sizeof(IN6_ADDR)) == 0);
}
FORCEINLINE BOOLEAN IN6_IS_ADDR_UNSPECIFIED(const IN6_ADDR *a) {
  return (BOOLEAN)(a->s6_words[0] == 0 && a->s6_words[1] == 0 && a->s6_words[2] == 0 && a->s6_words[3] == 0 &&
                   a->s6_words[4] == 0 && a->s6_words[5] == 0 && a->s6_words[6] == 0 && a->s6_words[7] == 0);
}
FORCEINLINE BOOLEAN IN6_IS_ADDR_LOOPBACK(const IN6_ADDR *a) {
  return (BOOLEAN)(a->s6_words[0] == 0 && a->s6_words[1] == 0 && a->s6_words[2] == 0 && a->s6_words[3] == 0 &&
                   a->s6_words[4] == 0 && a->s6_words[5] == 0 && a->s6_words[6] == 0 && a->s6_words[7] == 0x0100);
}
FORCEINLINE BOOLEAN IN6_IS_ADDR_V4MAPPED(const IN6_ADDR *a) {
  return (BOOLEAN)(a->s6_words[0] == 0 && a->s6_words[1] == 0 && a->s6_words[2] == 0 && a->s6_words[3] == 0 &&
                   a->s6_words[4] == 0 && a->s6_words[5] == 0xffff);
}
FORCEINLINE BOOLEAN IN6_IS_ADDR_MULTICAST(const IN6_ADDR *a) { return (BOOLEAN)(a->s6_bytes[0] == 0xff); }
FORCEINLINE BOOLEAN IN6_IS_ADDR_LINKLOCAL(const IN6_ADDR *a) {
  return (BOOLEAN)(a->s6_bytes[0] == 0xfe && (a->s6_bytes[1] & 0xc0) == 0x80);
}
FORCEINLINE BOOLEAN IN4_ADDR_EQUAL(const IN_ADDR *x, const IN_ADDR *y) { return (BOOLEAN)(x->s_addr == y->s_addr); }
FORCEINLINE BOOLEAN IN4_IS_ADDR_UNSPECIFIED(const IN_ADDR *a) { return (BOOLEAN)(a->s_addr == 0); }
FORCEINLINE BOOLEAN IN4_IS_ADDR_LOOPBACK(const IN_ADDR *a) { return (BOOLEAN)((a->s_addr & 0xff) == 0x7f); }
FORCEINLINE BOOLEAN IN4_IS_ADDR_MULTICAST(const IN_ADDR *a) { return (BOOLEAN)((a->s_addr & 0xf0) == 0xe0); }
FORCEINLINE VOID IN6ADDR_SETANY(_Out_ PSOCKADDR_IN6 a) {
  memset(a, 0, sizeof(*a));
  a->sin6_family = AF_INET6;
}
FORCEINLINE VOID IN6ADDR_SETLOOPBACK(_Out_ PSOCKADDR_IN6 a) {
  memset(a, 0, sizeof(*a));
  a->sin6_family = AF_INET6;
  a->sin6_addr.s6_bytes[15] = 1;
}
FORCEINLINE VOID IN4ADDR_SETANY(_Out_ PSOCKADDR_IN a) {
  memset(a, 0, sizeof(*a));
  a->sin_family = AF_INET;
}
FORCEINLINE VOID IN4ADDR_SETLOOPBACK(_Out_ PSOCKADDR_IN a) {
  memset(a, 0, sizeof(*a));
  a->sin_family = AF_INET;
  a->sin_addr.s_addr = IN4ADDR_LOOPBACK;
}
FORCEINLINE BOOLEAN INETADDR_ISANY(const SOCKADDR *a) {
  return a->sa_family == AF_INET6 ? IN6_IS_ADDR_UNSPECIFIED(&((const SOCKADDR_IN6 *)a)->sin6_addr)
                                  : IN4_IS_ADDR_UNSPECIFIED(&((const SOCKADDR_IN *)a)->sin_addr);
}
FORCEINLINE BOOLEAN INETADDR_ISLOOPBACK(const SOCKADDR *a) {
  return a->sa_family == AF_INET6 ? IN6_IS_ADDR_LOOPBACK(&((const SOCKADDR_IN6 *)a)->sin6_addr)
                                  : IN4_IS_ADDR_LOOPBACK(&((const SOCKADDR_IN *)a)->sin_addr);
}
FORCEINLINE VOID INETADDR_SETANY(_Inout_ PSOCKADDR a) {
  if (a->sa_family == AF_INET6)
    IN6ADDR_SETANY((PSOCKADDR_IN6)a);
  else
    IN4ADDR_SETANY((PSOCKADDR_IN)a);
}
FORCEINLINE VOID INETADDR_SETLOOPBACK(_Inout_ PSOCKADDR a) {
  if (a->sa_family == AF_INET6)
    IN6ADDR_SETLOOPBACK((PSOCKADDR_IN6)a);
  else
    IN4ADDR_SETLOOPBACK((PSOCKADDR_IN)a);
}
/* sin_port and sin6_port are at the same place. */
FORCEINLINE USHORT INETADDR_PORT(const SOCKADDR *a) { return ((const SOCKADDR_IN *)a)->sin_port; }
FORCEINLINE VOID INETADDR_SET_PORT(_Inout_ PSOCKADDR a, USHORT Port) { ((PSOCKADDR_IN)a)->sin_port = Port; }
#define SS_PORT(ssp) (((PSOCKADDR_IN)(ssp))->sin_port)

#define INET_ADDRSTRLEN 22
#define INET6_ADDRSTRLEN 65

#define IP_OPTIONS 1
#define IP_HDRINCL 2
#define IP_TOS 3
#define IP_TTL 4
#define IP_MULTICAST_IF 9
#define IP_MULTICAST_TTL 10
#define IP_MULTICAST_LOOP 11
#define IP_ADD_MEMBERSHIP 12
#define IP_DROP_MEMBERSHIP 13
#define IP_DONTFRAGMENT 14
#define IP_ADD_SOURCE_MEMBERSHIP 15
#define IP_DROP_SOURCE_MEMBERSHIP 16
#define IP_BLOCK_SOURCE 17
#define IP_UNBLOCK_SOURCE 18
#define IP_PKTINFO 19
#define IP_HOPLIMIT 21
#define IP_RECVTTL 21
#define IP_RECEIVE_BROADCAST 22
#define IP_RECVIF 24
#define IP_RECVDSTADDR 25
#define IP_IFLIST 28
#define IP_ADD_IFLIST 29
#define IP_DEL_IFLIST 30
#define IP_UNICAST_IF 31
#define IP_RECVTOS 40
#define IP_ECN 50
#define IP_RECVECN 50
#define IP_MTU_DISCOVER 71
#define IP_MTU 73
#define IP_UNSPECIFIED_TYPE_OF_SERVICE -1
#define IPV6_HOPOPTS 1
#define IPV6_HDRINCL 2
#define IPV6_UNICAST_HOPS 4
#define IPV6_MULTICAST_IF 9
#define IPV6_MULTICAST_HOPS 10
#define IPV6_MULTICAST_LOOP 11
#define IPV6_ADD_MEMBERSHIP 12
#define IPV6_JOIN_GROUP IPV6_ADD_MEMBERSHIP
#define IPV6_DROP_MEMBERSHIP 13
#define IPV6_LEAVE_GROUP IPV6_DROP_MEMBERSHIP
#define IPV6_DONTFRAG 14
#define IPV6_PKTINFO 19
#define IPV6_HOPLIMIT 21
#define IPV6_PROTECTION_LEVEL 23
#define IPV6_RECVIF 24
#define IPV6_RECVDSTADDR 25
#define IPV6_CHECKSUM 26
#define IPV6_V6ONLY 27
#define IPV6_IFLIST 28
#define IPV6_ADD_IFLIST 29
#define IPV6_DEL_IFLIST 30
#define IPV6_UNICAST_IF 31
#define IPV6_RTHDR 32
#define IPV6_RECVRTHDR 38
#define IPV6_TCLASS 39
#define IPV6_RECVTCLASS 40
#define IPV6_ECN 50
#define IPV6_RECVECN 50
#define IPV6_MTU_DISCOVER 71
#define IPV6_MTU 72
#define IPV6_USER_MTU 76
#define IP_USER_MTU 76

typedef enum _PMTUD_STATE { IP_PMTUDISC_NOT_SET, IP_PMTUDISC_DO, IP_PMTUDISC_DONT, IP_PMTUDISC_PROBE, IP_PMTUDISC_MAX } PMTUD_STATE,
    *PPMTUD_STATE;

#define TCP_EXPEDITED_1122 0x0002
#define TCP_KEEPALIVE 3
#define TCP_MAXSEG 4
#define TCP_MAXRT 5
#define TCP_STDURG 6
#define TCP_NOURG 7
#define TCP_ATMARK 8
#define TCP_NOSYNRETRIES 9
#define TCP_TIMESTAMPS 10
#define TCP_OFFLOAD_PREFERENCE 11
#define TCP_CONGESTION_ALGORITHM 12
#define TCP_DELAY_FIN_ACK 13
#define TCP_MAXRTMS 14
#define TCP_FASTOPEN 15
#define TCP_KEEPCNT 16
#define TCP_KEEPIDLE TCP_KEEPALIVE
#define TCP_KEEPINTVL 17
#define UDP_SEND_MSG_SIZE 2
#define UDP_RECV_MAX_COALESCED_SIZE 3
#define UDP_COALESCED_INFO 3
#define UDP_NOCHECKSUM 1
#define UDP_CHECKSUM_COVERAGE 20

typedef struct in_pktinfo {
  IN_ADDR ipi_addr;
  ULONG ipi_ifindex;
} IN_PKTINFO, *PIN_PKTINFO;
typedef struct in6_pktinfo {
  IN6_ADDR ipi6_addr;
  ULONG ipi6_ifindex;
} IN6_PKTINFO, *PIN6_PKTINFO;
typedef struct ip_mreq {
  IN_ADDR imr_multiaddr;
  IN_ADDR imr_interface;
} IP_MREQ, *PIP_MREQ;
typedef struct ip_mreq_source {
  IN_ADDR imr_multiaddr;
  IN_ADDR imr_sourceaddr;
  IN_ADDR imr_interface;
} IP_MREQ_SOURCE, *PIP_MREQ_SOURCE;
typedef struct ipv6_mreq {
  IN6_ADDR ipv6mr_multiaddr;
  ULONG ipv6mr_interface;
} IPV6_MREQ, *PIPV6_MREQ;
