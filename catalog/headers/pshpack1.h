/* Structure packing of 1 bytes until poppack.h. Has no guard: it works at each inclusion. */
#pragma pack(push, 1)
