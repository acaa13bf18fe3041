/* Records whose layout our front end and mingw-w64 (-mms-bitfields) must agree on. By hand: what drivers and headers do.
   No long double, which has 8 bytes for Microsoft and 16 for gcc. */
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
typedef signed char s8; typedef short s16; typedef int s32; typedef long long s64;
typedef enum { ENUM_A, ENUM_B } enumeration;

/* plain members */
struct plain01 { char a; }; struct plain02 { char a; short b; }; struct plain03 { short a; char b; }; struct plain04 { char a; int b; char c; };
struct plain05 { char a; s64 b; }; struct plain06 { s64 a; char b; }; struct plain07 { char a[3]; short b; }; struct plain08 { char a; char b[7]; s64 c; };
struct plain09 { void *a; char b; void *c; }; struct plain10 { float a; double b; float c; }; struct plain11 { char a; long b; }; struct plain12 { char a; unsigned long b[3]; char c; };
struct plain13 { enumeration a; char b; enumeration c; }; struct plain14 { _Bool a; _Bool b; short c; _Bool d; }; struct plain15 { char a; void (*b)(void); }; struct plain16 { wchar_t a[5]; char b; int c; };
struct plain17 { struct plain04 a; char b; }; struct plain18 { char a; struct plain05 b; char c; }; struct plain19 { struct plain02 a[3]; char b; s64 c; }; struct plain20 { char a; struct { short b; char c; } d[2]; int e; };
struct plain22 { char a; u16 b; u32 c; u64 d; }; struct plain23 { u64 d; u32 c; u16 b; char a; }; struct plain24 { char a[1]; char b[2]; char c[4]; int d; };
/* unions */
union union01 { char a; int b; }; union union02 { char a[9]; s64 b; }; union union03 { struct plain04 a; s64 b; }; struct union04 { char a; union { int b; char c[7]; } d; char e; };
struct union05 { union { struct { char a, b; }; short c; }; int d; }; union union06 { char a[3]; short b; }; struct union07 { int a; union { s64 b; struct { int c; int d; }; }; char e; };
union union08 { double a; void *b; char c[17]; }; struct union09 { u8 a; union { u8 b; u16 c; }; u8 d; }; union union10 { struct { u32 a : 4, b : 28; }; u32 c; };
/* anonymous, flexible, empty arrays */
struct anon01 { struct { char a; s64 b; }; char c; }; struct anon02 { char a; union { struct { char b; union { short c; int d; }; }; s64 e; }; }; struct flex01 { int a; char b[]; }; struct flex02 { char a; s64 b[]; };
struct flex03 { s64 a; char b; short c[]; }; struct flex04 { int a; char b[1]; }; struct flex05 { u16 a; u16 b; struct plain05 c[]; };
/* bit-fields of one type */
struct bits01 { u32 a : 1; }; struct bits02 { u32 a : 1, b : 31; }; struct bits03 { u32 a : 1, b : 32; }; struct bits04 { u32 a : 20, b : 20; }; struct bits05 { u8 a : 1, b : 7, c : 1; };
struct bits06 { u64 a : 1, b : 63; }; struct bits07 { u64 a : 40, b : 40; }; struct bits08 { s32 a : 5, b : 5, c : 5, d : 5, e : 5, f : 5, g : 5; }; struct bits09 { u16 a : 9, b : 9; }; struct bits10 { u16 a : 8, b : 8; };
struct bits11 { u32 a : 3; u32 : 0; u32 b : 3; }; struct bits12 { u32 a : 3; u32 : 5; u32 b : 3; }; struct bits13 { u32 : 7; u32 b : 3; }; struct bits14 { u32 : 0; u32 b : 3; }; struct bits15 { u32 a : 3; u32 : 0; };
struct bits16 { u64 a : 33; u64 : 0; u64 b : 1; }; struct bits17 { _Bool a : 1, b : 1; }; struct bits18 { enumeration a : 2, b : 2; };
/* bit-fields of several types: a unit each where sizes differ */
struct mixed01 { u8 a : 4; u32 b : 4; }; struct mixed02 { u32 a : 4; u8 b : 4; }; struct mixed03 { u32 a : 4; s32 b : 4; }; struct mixed04 { u16 a : 4; u32 b : 4; u16 c : 4; }; struct mixed05 { u8 a : 1; u16 b : 1; u32 c : 1; u64 d : 1; };
struct mixed06 { u64 d : 1; u32 c : 1; u16 b : 1; u8 a : 1; }; struct mixed07 { u8 a : 1; _Bool b : 1; s8 c : 3; }; struct mixed08 { unsigned long a : 3; u32 b : 3; }; struct mixed09 { u64 a : 3; s64 b : 60; }; struct mixed10 { enumeration a : 3; u32 b : 3; };
struct mixed11 { u16 a : 4; u8 : 0; u16 b : 4; }; struct mixed12 { u32 a : 4; u8 : 0; u32 b : 4; }; struct mixed13 { u8 a : 4; u32 : 0; u8 b : 4; }; struct mixed14 { u8 x; u32 : 0; u8 b; }; struct mixed15 { u8 a : 4; u32 : 3; u8 b : 4; };
/* bit-fields among members */
struct among01 { char a; u32 b : 4; char c; }; struct among02 { u32 b : 4; char c; u32 d : 4; }; struct among03 { char a; u8 b : 4; u8 c : 4; char d; }; struct among04 { u16 a : 4; char b; u16 c : 4; }; struct among05 { s64 a; u32 b : 1; s64 c; };
struct among06 { char a; u64 b : 1; char c; }; struct among07 { u32 a : 31; char b; }; struct among08 { struct bits01 a; u32 b : 1; }; struct among09 { u8 a : 1; struct bits05 b; u8 c : 1; }; struct among10 { char a[3]; u32 b : 8; };
struct among11 { u32 a : 8; u32 b; u32 c : 8; }; struct among12 { u32 a : 8; u8 b[2]; u32 c : 8, d : 8; }; struct among13 { char a; struct { u16 b : 3, c : 9; }; char d; }; struct among14 { u8 a; u16 b : 1; u8 c; u32 d : 1; u8 e; u64 f : 1; u8 g; };
/* packing */
#pragma pack(push, 1)
struct pack101 { char a; int b; }; struct pack102 { char a; s64 b; short c; }; struct pack103 { char a; struct plain05 b; char c; }; struct pack104 { u8 a : 4; u32 b : 4; char c; }; struct pack105 { u32 a : 20, b : 20; }; struct pack106 { char a; u32 b : 1; u32 c : 31; char d; };
union pack107 { char a[5]; int b; }; struct pack108 { char a; union { short b; s64 c; }; }; struct pack109 { u16 a : 3; u8 b : 2; u16 c : 3; }; struct pack110 { char a; void *b; char c[3]; double d; }; struct pack111 { short a; enumeration b; };
#pragma pack(push, 2)
struct pack201 { char a; int b; }; struct pack202 { char a; s64 b; char c; }; struct pack203 { char a; struct pack101 b; short c; }; struct pack204 { char a; u32 b : 4; u64 c : 4; }; union pack205 { char a[3]; s64 b; };
#pragma pack(pop)
struct pack112 { char a; int b; };
#pragma pack(4)
struct pack401 { char a; s64 b; }; struct pack402 { char a; double b; char c; }; struct pack403 { char a; struct plain05 b; }; struct pack404 { char a; u64 b : 4; }; struct pack405 { int a; void *b; int c; };
#pragma pack(8)
struct pack801 { char a; s64 b; };
#pragma pack(16)
struct pack1601 { char a; s64 b; };
#pragma pack()
struct packdefault { char a; s64 b; };
#pragma pack(pop)
struct packafter { char a; s64 b; };
/* alignment that is asked for */
struct ALIGN(16) align01 { int a; }; struct align02 { char a; ALIGN(16) int b; }; struct align03 { char a; struct align01 b; char c; }; struct ALIGN(8) align04 { char a[9]; }; struct align05 { ALIGN(64) char a; char b; }; union align06 { ALIGN(32) char a; int b; };
struct align07 { char a; ALIGN(2) char b; ALIGN(4) char c; ALIGN(8) char d; }; struct ALIGN(4) align08 { char a; }; struct align09 { struct align08 a[3]; char b; }; struct ALIGN(1) align10 { int a; char b; };
/* as drivers have them */
typedef struct _IRP_LIKE { short Type; u16 Size; void *Mdl; u32 Flags; union { struct IRP_LIKE_ *Master; s32 Count; void *System; } Associated; struct { void *Flink, *Blink; } Entry; struct { union { s32 Status; void *Pointer; }; u64 Information; } IoStatus; s8 Mode; u8 Pending; s8 StackCount, Current; u8 Cancel, CancelIrql; s8 Apc; u8 Alloc; void *UserIosb; } irp_like;
struct irp_holder { struct _IRP_LIKE a; char b; };
struct ipv4 { u8 Length : 4, Version : 4; u8 Service; u16 Total; u16 Id; u16 Fragment : 13, Flags : 3; u8 Ttl, Protocol; u16 Sum; u32 Source, Target; };
struct tcp { u16 Source, Target; u32 Sequence, Acknowledge; u16 Reserved : 4, Offset : 4, Fin : 1, Syn : 1, Rst : 1, Psh : 1, Ack : 1, Urg : 1, Ece : 1, Cwr : 1; u16 Window, Sum, Urgent; };
struct usb { u8 Length, Type; u16 Total; u8 Interfaces, Value, Index; union { u8 All; struct { u8 Reserved : 5, Wakeup : 1, Self : 1, One : 1; } Bits; } Attributes; u8 Power; };
struct sockaddr_like { u16 Family; union { struct { u16 Port; u32 Address; char Zero[8]; } In; struct { u16 Port; u32 Flow; u8 Address[16]; u32 Scope; } In6; char Data[26]; }; };
struct large_integer { union { struct { u32 Low; s32 High; }; struct { u32 Low2; s32 High2; } u; s64 Quad; }; };
struct mdl_like { struct mdl_like *Next; short Size, Flags; void *Process, *System, *Start; u32 Bytes, Offset; };
struct flags_word { union { u32 All; struct { u32 A : 1; u32 B : 2; u32 : 5; u32 C : 8; u32 D : 16; }; }; void *p; };
struct pte { u64 Valid : 1, Write : 1, Owner : 1, Through : 1, Disable : 1, Accessed : 1, Dirty : 1, Large : 1, Global : 1, Soft : 3, Frame : 40, Soft2 : 11, NoExecute : 1; };
struct device_object { short Type; u16 Size; s32 Count; void *Driver, *Next, *Attached, *Irp, *Timer; u32 Flags, Characteristics; volatile void *Vpb; void *Extension; u32 DeviceType; s8 StackSize; union { struct { void *a, *b; } List; char Wcb[72]; } Queue; u32 Alignment; };
/* more of bit-fields: a unit that is full, one that overflows by a bit, nameless ones at the edges, signed and Boolean neighbours */
struct more01 { u8 a : 8, b : 1; }; struct more02 { u16 a : 15, b : 1, c : 1; }; struct more03 { u32 a : 32, b : 1; }; struct more04 { u64 a : 64; u64 b : 1; }; struct more05 { u32 : 31; u32 a : 1, b : 1; }; struct more06 { u32 a : 31; u32 : 1; u32 b : 1; };
struct more07 { u8 a : 3; u8 : 0; u8 : 0; u8 b : 3; }; struct more08 { u8 : 0; u16 : 0; u32 : 0; char a; }; struct more09 { char a; u8 : 0; char b; }; struct more10 { char a; u64 : 0; char b; }; struct more11 { u32 a : 1; char : 0; char b; }; struct more12 { s8 a : 3; u8 b : 5; s8 c : 1; };
struct more13 { _Bool a : 1; u8 b : 7; _Bool c : 1; }; struct more14 { _Bool a : 1; u32 b : 31; }; struct more15 { u32 a : 1; _Bool b; u32 c : 1; }; struct more16 { enumeration a : 31; s32 b : 1; }; struct more17 { enumeration a : 1; u8 b : 1; enumeration c : 1; }; struct more18 { long a : 1; s32 b : 1; unsigned long c : 30; };
struct more19 { wchar_t a : 4; u16 b : 12; short c : 1; }; struct more20 { s64 a : 1; long b : 1; s64 c : 1; }; struct more21 { u16 a : 1; u16 : 15; u16 b : 16; u16 c; }; struct more22 { u8 a[3]; u8 b : 1; u8 c[3]; u8 d : 1; }; struct more23 { void *a; u8 b : 1; void *c; }; struct more24 { double a; u64 b : 1; float c; };
struct more25 { struct { u8 a : 1; } a; struct { u8 a : 1; } b; u8 c : 1; }; struct more26 { struct { u32 a : 1; }; struct { u32 b : 1; }; }; struct more27 { union { struct { u16 a : 3, b : 13; }; u16 c; }; u16 d : 3; }; struct more28 { u32 a : 4; struct { char b; } c; u32 d : 4; };
/* arrays of records, deep nesting, function pointers, tails */
struct tail01 { s64 a; char b[1]; }; struct tail02 { s64 a; char b[7]; short c; }; struct tail03 { struct tail01 a; char b; }; struct tail04 { struct tail01 a[2]; char b; }; struct tail05 { char a; struct tail02 b[2]; }; struct tail06 { struct { struct { struct { char a; s64 b; } c; char d; } e; char f; } g; char h; };
struct tail07 { int (*a[3])(int); char b; }; struct tail08 { char a; int (*(*b)[2])(void); }; struct tail09 { char a[2][3]; short b[2][3]; int c[2][3]; }; struct tail10 { struct plain01 a[3]; struct plain02 b[3]; char c; }; struct tail11 { enumeration a[3]; char b; s64 c; }; struct tail12 { float a[3]; double b; char c; };
union tail13 { struct tail01 a; char b[17]; }; union tail14 { struct { s64 a; char b; } a; struct { char a; s64 b; } b; char c[20]; }; struct tail15 { union tail13 a; char b; union tail14 c; }; struct tail16 { char a; union { void *b; struct { u32 c, d, e; }; }; char f; };
#pragma pack(push, 1)
struct more101 { u8 a : 3; u16 b : 3; u32 c : 3; u64 d : 3; u8 e; }; struct more102 { u32 a : 17; u32 b : 17; u8 c; }; struct more103 { u8 a; u64 b : 40; u64 c : 24; u8 d; }; struct more104 { u16 a : 3; u16 : 0; u16 b : 3; }; struct more105 { u8 a; u32 : 0; u8 b; }; struct more106 { struct tail01 a; char b; }; union more107 { struct more101 a; s64 b; };
struct more108 { u8 Type : 5, Flag : 3; u16 Length; u32 Sequence; u64 Time; u8 Data[]; }; struct more109 { u8 a; struct { u32 b : 4, c : 28; }; u8 d; }; struct more110 { wchar_t a[3]; u8 b; void *c[2]; };
#pragma pack(pop)
#pragma pack(push, 2)
struct more201 { u8 a : 3; u32 b : 3; u8 c; }; struct more202 { u8 a; u64 b : 40; u8 c; }; struct more203 { char a; struct tail01 b; char c; }; struct more204 { u32 : 0; u8 a; u32 b : 1; };
#pragma pack(pop)
#pragma pack(push, 4)
struct more401 { u8 a; u64 b : 40; u8 c; }; struct more402 { u8 a; s64 b; u8 c; double d; }; struct more403 { u8 a; union { s64 b; u8 c[12]; } d; u8 e; }; struct more404 { struct plain05 a; u8 b; struct pack401 c; };
#pragma pack(pop)
