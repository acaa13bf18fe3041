/* Ends what the last pshpack header began. */
#pragma pack(pop)
