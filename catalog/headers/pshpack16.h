/* Structure packing of 16 bytes until poppack.h. Has no guard: it works at each inclusion. */
#pragma pack(push, 16)
