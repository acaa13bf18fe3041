/* Instructions as functions: bit scans and counts, rotations, barriers; and the _Interlocked names. */
#pragma once

unsigned char _BitScanForward(_Out_ unsigned long *Index, _In_ unsigned long Mask);
unsigned char _BitScanReverse(_Out_ unsigned long *Index, _In_ unsigned long Mask);
unsigned char _BitScanForward64(_Out_ unsigned long *Index, _In_ unsigned __int64 Mask);
unsigned char _BitScanReverse64(_Out_ unsigned long *Index, _In_ unsigned __int64 Mask);
unsigned char _bittest(_In_ const long *Base, _In_ long Bit);
unsigned int __popcnt(unsigned int Value);
unsigned __int64 __popcnt64(unsigned __int64 Value);
unsigned int __lzcnt(unsigned int Value);
unsigned __int64 __lzcnt64(unsigned __int64 Value);
unsigned int _rotl(unsigned int Value, int Shift);
unsigned int _rotr(unsigned int Value, int Shift);
unsigned __int64 _rotl64(unsigned __int64 Value, int Shift);
unsigned __int64 _rotr64(unsigned __int64 Value, int Shift);
unsigned short _byteswap_ushort(unsigned short Number);
unsigned long _byteswap_ulong(unsigned long Number);
unsigned __int64 _byteswap_uint64(unsigned __int64 Number);
unsigned __int64 __rdtsc(void);
unsigned __int64 __readcr8(void);
unsigned __int64 _umul128(unsigned __int64 Multiplier, unsigned __int64 Multiplicand, unsigned __int64 *HighProduct);
__declspec(noreturn) void __fastfail(unsigned int Code);
void __nop(void);
void _mm_pause(void);
void _mm_mfence(void);
void _mm_lfence(void);
void _mm_sfence(void);

#define BitScanForward _BitScanForward
#define BitScanReverse _BitScanReverse
#define BitScanForward64 _BitScanForward64
#define BitScanReverse64 _BitScanReverse64
#define BitTest _bittest
#define PopulationCount64 __popcnt64

#define _InterlockedIncrement InterlockedIncrement
#define _InterlockedDecrement InterlockedDecrement
#define _InterlockedExchange InterlockedExchange
#define _InterlockedExchangeAdd InterlockedExchangeAdd
#define _InterlockedCompareExchange InterlockedCompareExchange
#define _InterlockedAnd InterlockedAnd
#define _InterlockedOr InterlockedOr
#define _InterlockedXor InterlockedXor
#define _InterlockedIncrement64 InterlockedIncrement64
#define _InterlockedDecrement64 InterlockedDecrement64
#define _InterlockedExchange64 InterlockedExchange64
#define _InterlockedExchangeAdd64 InterlockedExchangeAdd64
#define _InterlockedCompareExchange64 InterlockedCompareExchange64
#define _InterlockedAnd64 InterlockedAnd64
#define _InterlockedOr64 InterlockedOr64
#define _InterlockedXor64 InterlockedXor64
#define _InterlockedIncrement16 InterlockedIncrement16
#define _InterlockedDecrement16 InterlockedDecrement16
#define _InterlockedCompareExchange16 InterlockedCompareExchange16
#define _InterlockedExchange8 InterlockedExchange8
#define _InterlockedExchangePointer InterlockedExchangePointer
#define _InterlockedCompareExchangePointer InterlockedCompareExchangePointer
#define _interlockedbittestandset InterlockedBitTestAndSet
#define _interlockedbittestandreset InterlockedBitTestAndReset
