/*
 * Instructions as functions: bit scans and counts, rotations, wide multiplication, string instructions, barriers, and the
 * _Interlocked family. What reaches the hardware itself is declared and not emulated: a run stops there and names it.
 */
#pragma once

unsigned char _BitScanForward(_Out_ unsigned long *Index, _In_ unsigned long Mask);
unsigned char _BitScanReverse(_Out_ unsigned long *Index, _In_ unsigned long Mask);
unsigned char _BitScanForward64(_Out_ unsigned long *Index, _In_ unsigned __int64 Mask);
unsigned char _BitScanReverse64(_Out_ unsigned long *Index, _In_ unsigned __int64 Mask);
unsigned char _bittest(_In_ const long *Base, _In_ long Bit);
unsigned char _bittest64(_In_ const __int64 *Base, _In_ __int64 Bit);
unsigned char _bittestandset(_Inout_ long *Base, _In_ long Bit);
unsigned char _bittestandset64(_Inout_ __int64 *Base, _In_ __int64 Bit);
unsigned char _bittestandreset(_Inout_ long *Base, _In_ long Bit);
unsigned char _bittestandreset64(_Inout_ __int64 *Base, _In_ __int64 Bit);
unsigned char _bittestandcomplement(_Inout_ long *Base, _In_ long Bit);
unsigned char _bittestandcomplement64(_Inout_ __int64 *Base, _In_ __int64 Bit);
unsigned short __popcnt16(unsigned short Value);
unsigned int __popcnt(unsigned int Value);
unsigned __int64 __popcnt64(unsigned __int64 Value);
unsigned short __lzcnt16(unsigned short Value);
unsigned int __lzcnt(unsigned int Value);
unsigned __int64 __lzcnt64(unsigned __int64 Value);
unsigned int _lzcnt_u32(unsigned int Value);
unsigned __int64 _lzcnt_u64(unsigned __int64 Value);
unsigned int _tzcnt_u32(unsigned int Value);
unsigned __int64 _tzcnt_u64(unsigned __int64 Value);
unsigned char _rotl8(unsigned char Value, unsigned char Shift);
unsigned char _rotr8(unsigned char Value, unsigned char Shift);
unsigned short _rotl16(unsigned short Value, unsigned char Shift);
unsigned short _rotr16(unsigned short Value, unsigned char Shift);
unsigned int _rotl(unsigned int Value, int Shift);
unsigned int _rotr(unsigned int Value, int Shift);
unsigned long _lrotl(unsigned long Value, int Shift);
unsigned long _lrotr(unsigned long Value, int Shift);
unsigned __int64 _rotl64(unsigned __int64 Value, int Shift);
unsigned __int64 _rotr64(unsigned __int64 Value, int Shift);
unsigned short _byteswap_ushort(unsigned short Number);
unsigned long _byteswap_ulong(unsigned long Number);
unsigned __int64 _byteswap_uint64(unsigned __int64 Number);
unsigned __int64 __umulh(unsigned __int64 Multiplier, unsigned __int64 Multiplicand);
__int64 __mulh(__int64 Multiplier, __int64 Multiplicand);
unsigned __int64 _umul128(unsigned __int64 Multiplier, unsigned __int64 Multiplicand,
                          _Out_ unsigned __int64 *HighProduct);
__int64 _mul128(__int64 Multiplier, __int64 Multiplicand, _Out_ __int64 *HighProduct);
unsigned __int64 _udiv128(unsigned __int64 HighDividend, unsigned __int64 LowDividend, unsigned __int64 Divisor,
                          _Out_ unsigned __int64 *Remainder);
__int64 _div128(__int64 HighDividend, __int64 LowDividend, __int64 Divisor, _Out_ __int64 *Remainder);
unsigned __int64 __emulu(unsigned int Multiplier, unsigned int Multiplicand);
__int64 __emul(int Multiplier, int Multiplicand);
unsigned __int64 __shiftleft128(unsigned __int64 LowPart, unsigned __int64 HighPart, unsigned char Shift);
unsigned __int64 __shiftright128(unsigned __int64 LowPart, unsigned __int64 HighPart, unsigned char Shift);
unsigned __int64 __ll_lshift(unsigned __int64 Mask, int Bit);
__int64 __ll_rshift(__int64 Mask, int Bit);
unsigned __int64 __ull_rshift(unsigned __int64 Mask, int Bit);
void __stosb(_Out_ unsigned char *Destination, unsigned char Value, unsigned __int64 Count);
void __stosw(_Out_ unsigned short *Destination, unsigned short Value, unsigned __int64 Count);
void __stosd(_Out_ unsigned long *Destination, unsigned long Value, unsigned __int64 Count);
void __stosq(_Out_ unsigned __int64 *Destination, unsigned __int64 Value, unsigned __int64 Count);
void __movsb(_Out_ unsigned char *Destination, const unsigned char *Source, unsigned __int64 Count);
void __movsw(_Out_ unsigned short *Destination, const unsigned short *Source, unsigned __int64 Count);
void __movsd(_Out_ unsigned long *Destination, const unsigned long *Source, unsigned __int64 Count);
void __movsq(_Out_ unsigned __int64 *Destination, const unsigned __int64 *Source, unsigned __int64 Count);
unsigned __int64 __rdtsc(void);
unsigned __int64 __rdtscp(_Out_ unsigned int *Processor);
unsigned __int64 __readcr8(void);
__declspec(noreturn) void __fastfail(unsigned int Code);
void __nop(void);
void __faststorefence(void);
void _mm_pause(void);
void _mm_mfence(void);
void _mm_lfence(void);
void _mm_sfence(void);
__forceinline __int64 _abs64(__int64 Value) { return Value < 0 ? -Value : Value; }

/* Hints about the cache: they change nothing that a program can see. */
#define _MM_HINT_NTA 0
#define _MM_HINT_T0 1
#define _MM_HINT_T1 2
#define _MM_HINT_T2 3
__forceinline void _mm_prefetch(const char *Address, int Hint) { (void)Address, (void)Hint; }
__forceinline void _m_prefetchw(volatile const void *Address) { (void)Address; }
__forceinline void _mm_clflush(const void *Address) { (void)Address; }

/* Volatile access without an order of its own. */
__forceinline char __iso_volatile_load8(const volatile char *Location) { return *Location; }
__forceinline short __iso_volatile_load16(const volatile short *Location) { return *Location; }
__forceinline int __iso_volatile_load32(const volatile int *Location) { return *Location; }
__forceinline __int64 __iso_volatile_load64(const volatile __int64 *Location) { return *Location; }
__forceinline void __iso_volatile_store8(volatile char *Location, char Value) { *Location = Value; }
__forceinline void __iso_volatile_store16(volatile short *Location, short Value) { *Location = Value; }
__forceinline void __iso_volatile_store32(volatile int *Location, int Value) { *Location = Value; }
__forceinline void __iso_volatile_store64(volatile __int64 *Location, __int64 Value) { *Location = Value; }

void __cpuid(int Registers[4], int Function);
void __cpuidex(int Registers[4], int Function, int SubFunction);
unsigned __int64 _xgetbv(unsigned int Register);
unsigned __int64 __readmsr(unsigned long Register);
void __writemsr(unsigned long Register, unsigned __int64 Value);
unsigned __int64 __readpmc(unsigned long Counter);
unsigned __int64 __readcr0(void);
unsigned __int64 __readcr2(void);
unsigned __int64 __readcr3(void);
unsigned __int64 __readcr4(void);
void __writecr0(unsigned __int64 Value);
void __writecr3(unsigned __int64 Value);
void __writecr4(unsigned __int64 Value);
void __writecr8(unsigned __int64 Value);
unsigned __int64 __readdr(unsigned int Register);
void __writedr(unsigned int Register, unsigned __int64 Value);
unsigned __int64 __readeflags(void);
void __writeeflags(unsigned __int64 Value);
void _disable(void);
void _enable(void);
void __halt(void);
void __wbinvd(void);
void __invlpg(void *Address);
void __lidt(void *Source);
void __sidt(void *Destination);
unsigned char __inbyte(unsigned short Port);
void __outbyte(unsigned short Port, unsigned char Value);
unsigned short __inword(unsigned short Port);
void __outword(unsigned short Port, unsigned short Value);
unsigned long __indword(unsigned short Port);
void __outdword(unsigned short Port, unsigned long Value);
void __inbytestring(unsigned short Port, unsigned char *Buffer, unsigned long Count);
void __outbytestring(unsigned short Port, unsigned char *Buffer, unsigned long Count);
void __inwordstring(unsigned short Port, unsigned short *Buffer, unsigned long Count);
void __outwordstring(unsigned short Port, unsigned short *Buffer, unsigned long Count);
void __indwordstring(unsigned short Port, unsigned long *Buffer, unsigned long Count);
void __outdwordstring(unsigned short Port, unsigned long *Buffer, unsigned long Count);
unsigned char __readgsbyte(unsigned long Offset);
void __writegsbyte(unsigned long Offset, unsigned char Value);
unsigned short __readgsword(unsigned long Offset);
void __writegsword(unsigned long Offset, unsigned short Value);
unsigned long __readgsdword(unsigned long Offset);
void __writegsdword(unsigned long Offset, unsigned long Value);
unsigned __int64 __readgsqword(unsigned long Offset);
void __writegsqword(unsigned long Offset, unsigned __int64 Value);
void __addgsbyte(unsigned long Offset, unsigned char Value);
void __incgsbyte(unsigned long Offset);
void __addgsword(unsigned long Offset, unsigned short Value);
void __incgsword(unsigned long Offset);
void __addgsdword(unsigned long Offset, unsigned long Value);
void __incgsdword(unsigned long Offset);
void __addgsqword(unsigned long Offset, unsigned __int64 Value);
void __incgsqword(unsigned long Offset);
void __int2c(void);
unsigned int __getcallerseflags(void);
unsigned long __segmentlimit(unsigned long Selector);
int _rdrand16_step(unsigned short *Value);
int _rdrand32_step(unsigned int *Value);
int _rdrand64_step(unsigned __int64 *Value);
int _rdseed16_step(unsigned short *Value);
int _rdseed32_step(unsigned int *Value);
int _rdseed64_step(unsigned __int64 *Value);

short _InterlockedIncrement16(_Inout_ _Interlocked_operand_ short volatile *Addend);
long _InterlockedIncrement(_Inout_ _Interlocked_operand_ long volatile *Addend);
__int64 _InterlockedIncrement64(_Inout_ _Interlocked_operand_ __int64 volatile *Addend);
short _InterlockedDecrement16(_Inout_ _Interlocked_operand_ short volatile *Addend);
long _InterlockedDecrement(_Inout_ _Interlocked_operand_ long volatile *Addend);
__int64 _InterlockedDecrement64(_Inout_ _Interlocked_operand_ __int64 volatile *Addend);
char _InterlockedExchange8(_Inout_ _Interlocked_operand_ char volatile *Target, char Value);
short _InterlockedExchange16(_Inout_ _Interlocked_operand_ short volatile *Target, short Value);
long _InterlockedExchange(_Inout_ _Interlocked_operand_ long volatile *Target, long Value);
__int64 _InterlockedExchange64(_Inout_ _Interlocked_operand_ __int64 volatile *Target, __int64 Value);
char _InterlockedExchangeAdd8(_Inout_ _Interlocked_operand_ char volatile *Target, char Value);
short _InterlockedExchangeAdd16(_Inout_ _Interlocked_operand_ short volatile *Target, short Value);
long _InterlockedExchangeAdd(_Inout_ _Interlocked_operand_ long volatile *Target, long Value);
__int64 _InterlockedExchangeAdd64(_Inout_ _Interlocked_operand_ __int64 volatile *Target, __int64 Value);
char _InterlockedAnd8(_Inout_ _Interlocked_operand_ char volatile *Target, char Value);
short _InterlockedAnd16(_Inout_ _Interlocked_operand_ short volatile *Target, short Value);
long _InterlockedAnd(_Inout_ _Interlocked_operand_ long volatile *Target, long Value);
__int64 _InterlockedAnd64(_Inout_ _Interlocked_operand_ __int64 volatile *Target, __int64 Value);
char _InterlockedOr8(_Inout_ _Interlocked_operand_ char volatile *Target, char Value);
short _InterlockedOr16(_Inout_ _Interlocked_operand_ short volatile *Target, short Value);
long _InterlockedOr(_Inout_ _Interlocked_operand_ long volatile *Target, long Value);
__int64 _InterlockedOr64(_Inout_ _Interlocked_operand_ __int64 volatile *Target, __int64 Value);
char _InterlockedXor8(_Inout_ _Interlocked_operand_ char volatile *Target, char Value);
short _InterlockedXor16(_Inout_ _Interlocked_operand_ short volatile *Target, short Value);
long _InterlockedXor(_Inout_ _Interlocked_operand_ long volatile *Target, long Value);
__int64 _InterlockedXor64(_Inout_ _Interlocked_operand_ __int64 volatile *Target, __int64 Value);
char _InterlockedCompareExchange8(_Inout_ _Interlocked_operand_ char volatile *Destination, char Exchange,
    char Comparand);
short _InterlockedCompareExchange16(_Inout_ _Interlocked_operand_ short volatile *Destination, short Exchange,
    short Comparand);
long _InterlockedCompareExchange(_Inout_ _Interlocked_operand_ long volatile *Destination, long Exchange,
    long Comparand);
__int64 _InterlockedCompareExchange64(_Inout_ _Interlocked_operand_ __int64 volatile *Destination, __int64 Exchange,
    __int64 Comparand);
unsigned char _InterlockedCompareExchange128(_Inout_ _Interlocked_operand_ __int64 volatile *Destination,
                                             __int64 ExchangeHigh, __int64 ExchangeLow, _Inout_ __int64 *ComparandResult);
void *_InterlockedExchangePointer(_Inout_ _Interlocked_operand_ void *volatile *Target, void *Value);
void *_InterlockedCompareExchangePointer(_Inout_ _Interlocked_operand_ void *volatile *Destination, void *Exchange,
                                         void *Comparand);
unsigned char _interlockedbittestandset(_Inout_ _Interlocked_operand_ long volatile *Base, long Bit);
unsigned char _interlockedbittestandset64(_Inout_ _Interlocked_operand_ __int64 volatile *Base, __int64 Bit);
unsigned char _interlockedbittestandreset(_Inout_ _Interlocked_operand_ long volatile *Base, long Bit);
unsigned char _interlockedbittestandreset64(_Inout_ _Interlocked_operand_ __int64 volatile *Base, __int64 Bit);

/* The x64 instructions are full barriers, so the weaker orders are the same operations. */
#define _InterlockedIncrement16_acq _InterlockedIncrement16
#define _InterlockedIncrement_acq _InterlockedIncrement
#define _InterlockedIncrement64_acq _InterlockedIncrement64
#define _InterlockedDecrement16_acq _InterlockedDecrement16
#define _InterlockedDecrement_acq _InterlockedDecrement
#define _InterlockedDecrement64_acq _InterlockedDecrement64
#define _InterlockedExchange8_acq _InterlockedExchange8
#define _InterlockedExchange16_acq _InterlockedExchange16
#define _InterlockedExchange_acq _InterlockedExchange
#define _InterlockedExchange64_acq _InterlockedExchange64
#define _InterlockedExchangeAdd8_acq _InterlockedExchangeAdd8
#define _InterlockedExchangeAdd16_acq _InterlockedExchangeAdd16
#define _InterlockedExchangeAdd_acq _InterlockedExchangeAdd
#define _InterlockedExchangeAdd64_acq _InterlockedExchangeAdd64
#define _InterlockedAnd8_acq _InterlockedAnd8
#define _InterlockedAnd16_acq _InterlockedAnd16
#define _InterlockedAnd_acq _InterlockedAnd
#define _InterlockedAnd64_acq _InterlockedAnd64
#define _InterlockedOr8_acq _InterlockedOr8
#define _InterlockedOr16_acq _InterlockedOr16
#define _InterlockedOr_acq _InterlockedOr
#define _InterlockedOr64_acq _InterlockedOr64
#define _InterlockedXor8_acq _InterlockedXor8
#define _InterlockedXor16_acq _InterlockedXor16
#define _InterlockedXor_acq _InterlockedXor
#define _InterlockedXor64_acq _InterlockedXor64
#define _InterlockedCompareExchange8_acq _InterlockedCompareExchange8
#define _InterlockedCompareExchange16_acq _InterlockedCompareExchange16
#define _InterlockedCompareExchange_acq _InterlockedCompareExchange
#define _InterlockedCompareExchange64_acq _InterlockedCompareExchange64
#define _InterlockedCompareExchange128_acq _InterlockedCompareExchange128
#define _InterlockedExchangePointer_acq _InterlockedExchangePointer
#define _InterlockedCompareExchangePointer_acq _InterlockedCompareExchangePointer
#define _interlockedbittestandset_acq _interlockedbittestandset
#define _interlockedbittestandset64_acq _interlockedbittestandset64
#define _interlockedbittestandreset_acq _interlockedbittestandreset
#define _interlockedbittestandreset64_acq _interlockedbittestandreset64
#define _InterlockedIncrement16_rel _InterlockedIncrement16
#define _InterlockedIncrement_rel _InterlockedIncrement
#define _InterlockedIncrement64_rel _InterlockedIncrement64
#define _InterlockedDecrement16_rel _InterlockedDecrement16
#define _InterlockedDecrement_rel _InterlockedDecrement
#define _InterlockedDecrement64_rel _InterlockedDecrement64
#define _InterlockedExchange8_rel _InterlockedExchange8
#define _InterlockedExchange16_rel _InterlockedExchange16
#define _InterlockedExchange_rel _InterlockedExchange
#define _InterlockedExchange64_rel _InterlockedExchange64
#define _InterlockedExchangeAdd8_rel _InterlockedExchangeAdd8
#define _InterlockedExchangeAdd16_rel _InterlockedExchangeAdd16
#define _InterlockedExchangeAdd_rel _InterlockedExchangeAdd
#define _InterlockedExchangeAdd64_rel _InterlockedExchangeAdd64
#define _InterlockedAnd8_rel _InterlockedAnd8
#define _InterlockedAnd16_rel _InterlockedAnd16
#define _InterlockedAnd_rel _InterlockedAnd
#define _InterlockedAnd64_rel _InterlockedAnd64
#define _InterlockedOr8_rel _InterlockedOr8
#define _InterlockedOr16_rel _InterlockedOr16
#define _InterlockedOr_rel _InterlockedOr
#define _InterlockedOr64_rel _InterlockedOr64
#define _InterlockedXor8_rel _InterlockedXor8
#define _InterlockedXor16_rel _InterlockedXor16
#define _InterlockedXor_rel _InterlockedXor
#define _InterlockedXor64_rel _InterlockedXor64
#define _InterlockedCompareExchange8_rel _InterlockedCompareExchange8
#define _InterlockedCompareExchange16_rel _InterlockedCompareExchange16
#define _InterlockedCompareExchange_rel _InterlockedCompareExchange
#define _InterlockedCompareExchange64_rel _InterlockedCompareExchange64
#define _InterlockedCompareExchange128_rel _InterlockedCompareExchange128
#define _InterlockedExchangePointer_rel _InterlockedExchangePointer
#define _InterlockedCompareExchangePointer_rel _InterlockedCompareExchangePointer
#define _interlockedbittestandset_rel _interlockedbittestandset
#define _interlockedbittestandset64_rel _interlockedbittestandset64
#define _interlockedbittestandreset_rel _interlockedbittestandreset
#define _interlockedbittestandreset64_rel _interlockedbittestandreset64
#define _InterlockedIncrement16_nf _InterlockedIncrement16
#define _InterlockedIncrement_nf _InterlockedIncrement
#define _InterlockedIncrement64_nf _InterlockedIncrement64
#define _InterlockedDecrement16_nf _InterlockedDecrement16
#define _InterlockedDecrement_nf _InterlockedDecrement
#define _InterlockedDecrement64_nf _InterlockedDecrement64
#define _InterlockedExchange8_nf _InterlockedExchange8
#define _InterlockedExchange16_nf _InterlockedExchange16
#define _InterlockedExchange_nf _InterlockedExchange
#define _InterlockedExchange64_nf _InterlockedExchange64
#define _InterlockedExchangeAdd8_nf _InterlockedExchangeAdd8
#define _InterlockedExchangeAdd16_nf _InterlockedExchangeAdd16
#define _InterlockedExchangeAdd_nf _InterlockedExchangeAdd
#define _InterlockedExchangeAdd64_nf _InterlockedExchangeAdd64
#define _InterlockedAnd8_nf _InterlockedAnd8
#define _InterlockedAnd16_nf _InterlockedAnd16
#define _InterlockedAnd_nf _InterlockedAnd
#define _InterlockedAnd64_nf _InterlockedAnd64
#define _InterlockedOr8_nf _InterlockedOr8
#define _InterlockedOr16_nf _InterlockedOr16
#define _InterlockedOr_nf _InterlockedOr
#define _InterlockedOr64_nf _InterlockedOr64
#define _InterlockedXor8_nf _InterlockedXor8
#define _InterlockedXor16_nf _InterlockedXor16
#define _InterlockedXor_nf _InterlockedXor
#define _InterlockedXor64_nf _InterlockedXor64
#define _InterlockedCompareExchange8_nf _InterlockedCompareExchange8
#define _InterlockedCompareExchange16_nf _InterlockedCompareExchange16
#define _InterlockedCompareExchange_nf _InterlockedCompareExchange
#define _InterlockedCompareExchange64_nf _InterlockedCompareExchange64
#define _InterlockedCompareExchange128_nf _InterlockedCompareExchange128
#define _InterlockedExchangePointer_nf _InterlockedExchangePointer
#define _InterlockedCompareExchangePointer_nf _InterlockedCompareExchangePointer
#define _interlockedbittestandset_nf _interlockedbittestandset
#define _interlockedbittestandset64_nf _interlockedbittestandset64
#define _interlockedbittestandreset_nf _interlockedbittestandreset
#define _interlockedbittestandreset64_nf _interlockedbittestandreset64

#define BitScanForward _BitScanForward
#define BitScanReverse _BitScanReverse
#define BitScanForward64 _BitScanForward64
#define BitScanReverse64 _BitScanReverse64
#define BitTest _bittest
#define BitTestAndSet _bittestandset
#define BitTestAndReset _bittestandreset
#define BitTestAndComplement _bittestandcomplement
#define BitTest64 _bittest64
#define BitTestAndSet64 _bittestandset64
#define BitTestAndReset64 _bittestandreset64
#define BitTestAndComplement64 _bittestandcomplement64
#define PopulationCount64 __popcnt64
#define RotateLeft8 _rotl8
#define RotateLeft16 _rotl16
#define RotateLeft32 _rotl
#define RotateLeft64 _rotl64
#define RotateRight8 _rotr8
#define RotateRight16 _rotr16
#define RotateRight32 _rotr
#define RotateRight64 _rotr64
#define MultiplyHigh __mulh
#define UnsignedMultiplyHigh __umulh
#define UnsignedMultiply128 _umul128
#define Multiply128 _mul128
#define ShiftLeft128 __shiftleft128
#define ShiftRight128 __shiftright128
#define ReadTimeStampCounter() __rdtsc()
