/* gcc: no, these are Microsoft's words. __intN, suffixes, __declspec, calling conventions, inline words, pragmas. */
#include "check.h"

#pragma warning(push)
#pragma warning(disable : 4100 4201)
#pragma code_seg("PAGE")
#pragma data_seg(".DATA")
__int64 a64 = 0x7fffffffffffffffi64; unsigned __int64 u64 = 0xffffffffffffffffui64; __int32 a32 = -1i32; __int16 a16 = 7i16; __int8 a8 = -1i8;
static __forceinline int forced(int n) { return n + 1; }
static __inline int inlined(int n) { return n + 2; }
__declspec(noinline) static int __cdecl declared(int n) { return n + 3; }
static int __stdcall standard(int n) { return n + 4; }
typedef int(__fastcall *FAST)(int);
static int __fastcall fast(int n) { return n + 5; }
__declspec(align(32)) static char aligned[32];
typedef struct __declspec(align(16)) _A16 { int a; } A16;
__declspec(selectany) int anywhere = 6;
__declspec(noreturn) static void never(void) { for (;;) ; }
__declspec(deprecated("old")) static int old(void) { return 1; }
__declspec(thread) static int per_thread = 3;
#pragma alloc_text(PAGE, declared)
#pragma region a region
#pragma endregion
#pragma section(".mine", read, write)
__declspec(allocate(".mine")) static int placed = 8;
__pragma(pack(push, 1)) typedef struct { char c; __int64 i; } packed; __pragma(pack(pop))
#define ONCE(x) __pragma(warning(suppress : 4127)) x
struct nameless { struct { int in; }; union { int u; float f; }; };
typedef struct { unsigned char a : 4; unsigned int b : 4; } mixed_bits;
#pragma warning(pop)
#pragma prefast(suppress : 28118, "because")
#pragma comment(lib, "none")
#pragma message("none")
#pragma once_unknown_pragma
static int *__ptr64 __unaligned unaligned_pointer;
static unsigned __int8 restrict_test(int *__restrict p) { return (unsigned __int8)*p; }
static wchar_t wide = L'\x263a';

int main(void) {
  CHECK(a64, 9223372036854775807ll); CHECK(u64 + 1, 0); CHECK(a32, -1); CHECK(a16 + a8, 6);
  CHECK(sizeof(__int8) + sizeof(__int16) + sizeof(__int32) + sizeof(__int64), 15); CHECK(sizeof(long), 4); CHECK(sizeof(unsigned long), 4);
  CHECK(sizeof(long double), 8); CHECK(sizeof(long long), 8); CHECK(2147483648l > 0, 1);
  CHECK(forced(1) + inlined(1) + declared(1) + standard(1) + fast(1), 20); FAST f = fast; CHECK(f(2), 7);
  CHECK((uintptr_t)aligned % 32, 0); CHECK(sizeof(A16), 16); CHECK(__alignof(A16), 16); CHECK(anywhere + per_thread + placed, 17);
  CHECK(sizeof(packed), 9); ONCE(CHECK(1, 1)); struct nameless n = {{1}, {2}}; CHECK(n.in + n.u, 3);
  CHECK(sizeof(mixed_bits), 8); CHECK('ab', 0x6162); CHECK('abcd', 0x61626364); CHECK(wide, 0x263a);
  int value = 0x1ff; CHECK(restrict_test(&value), 255); CHECK(old(), 1); if (value == 0) never();
  enum { BIG = 0x7fffffff } e = BIG; CHECK(sizeof e, 4); CHECK(_Generic(e, int: 1, default: 2), 1);
  CHECK(sizeof(2147483648), 4); CHECK(sizeof(4294967295), 4); CHECK(sizeof(4294967296), 8);
  CHECK(2147483648 * 2, 0);
  CHECK(__FUNCTION__[0], 'm'); CHECK(_MSC_VER >= 1900, 1); CHECK(_WIN64 + _M_AMD64 / 100 + _AMD64_, 3); CHECK(sizeof(void *), 8);
  __assume(value != 0); CHECK(sizeof L"ab", 6); char text[] = __FILE__; CHECK(sizeof text > 5, 1);
  struct { int n; char zero[0]; } z = {1}; CHECK(sizeof z, 4);
  CHECK((unsigned long)-1 > 0 && (unsigned long)-1 == 4294967295u, 1); CHECK(1ul << 31 >> 31, 1); CHECK(sizeof(1l + 1u), 4);
  unsigned long ul = 0xffffffff; ul++; CHECK(ul, 0); long l = 0x7fffffff; CHECK((long)(l + 1u) < 0, 1); CHECK(sizeof(l * 1ll), 8);
  DONE();
}
