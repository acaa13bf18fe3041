/* gcc: no, these are Microsoft's intrinsics. Interlocked operations, bit scans, byte swaps, rotations. */
#include "check.h"
#include <ntddk.h>
#include <intrin.h>

int main(void) {
  LONG l = 5; LONG64 w = 1ll << 40; PVOID p = NULL; unsigned long index; SHORT s = 7;
  CHECK(InterlockedIncrement(&l), 6); CHECK(InterlockedDecrement(&l), 5); CHECK(InterlockedExchange(&l, 9), 5); CHECK(l, 9);
  CHECK(InterlockedCompareExchange(&l, 1, 8), 9); CHECK(l, 9); CHECK(InterlockedCompareExchange(&l, 1, 9), 9); CHECK(l, 1);
  CHECK(InterlockedExchangeAdd(&l, 10), 1); CHECK(InterlockedAdd(&l, -1), 10); CHECK(InterlockedOr(&l, 5), 10); CHECK(l, 15); CHECK(InterlockedAnd(&l, 6), 15); CHECK(InterlockedXor(&l, 2), 6); CHECK(l, 4);
  CHECK(InterlockedIncrement64(&w), (1ll << 40) + 1); CHECK(InterlockedExchange64(&w, -1), (1ll << 40) + 1); CHECK(InterlockedCompareExchange64(&w, 3, -1), -1); CHECK(w, 3);
  CHECK(InterlockedExchangePointer(&p, &l) == NULL, 1); CHECK(p == &l, 1); CHECK(InterlockedCompareExchangePointer(&p, NULL, &l) == &l, 1); CHECK(p == NULL, 1);
  CHECK(InterlockedBitTestAndSet(&l, 0), 0); CHECK(l, 5); CHECK(InterlockedBitTestAndReset(&l, 2), 1); CHECK(l, 1); CHECK(_InterlockedIncrement16(&s), 8);
  CHECK(_BitScanForward(&index, 0x50), 1); CHECK(index, 4); CHECK(_BitScanReverse(&index, 0x50), 1); CHECK(index, 6); CHECK(_BitScanForward(&index, 0), 0);
  CHECK(_BitScanReverse64(&index, 1ull << 63), 1); CHECK(index, 63); CHECK(_BitScanForward64(&index, 1ull << 40), 1); CHECK(index, 40);
  CHECK(_byteswap_ushort(0x1234), 0x3412); CHECK(_byteswap_ulong(0x12345678), 0x78563412); CHECK(_byteswap_uint64(0x0102030405060708ull), 0x0807060504030201ll);
  CHECK(RtlUshortByteSwap(0x0102), 0x0201); CHECK(RtlUlongByteSwap(1), 0x01000000); CHECK(_rotl(0x80000001u, 1), 3); CHECK(_rotr(1, 1), (int64_t)0x80000000u); CHECK(_rotl64(1ull << 63, 1), 1);
  CHECK(__popcnt(0xff), 8); CHECK(_ReturnAddress() != NULL, 1); MemoryBarrier(); _ReadWriteBarrier(); YieldProcessor();
  CHECK(__umulh(1ull << 63, 4), 2); CHECK(UInt32x32To64(0xffffffffu, 2), 0x1fffffffell); CHECK(MAXULONG, 4294967295u);
  DONE();
}
