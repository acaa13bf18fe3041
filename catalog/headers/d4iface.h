/* IEEE 1284.4 (Dot4): channels, activities and the fixed channel numbers. */
#pragma once

#include <ntdef.h>

/* Four bytes, also on 64-bit Windows: the number of a channel, no kernel handle. */
typedef unsigned long CHANNEL_HANDLE;
typedef CHANNEL_HANDLE *PCHANNEL_HANDLE;

/* Messages of DOT4_ACTIVITY. */
#define DOT4_STREAM_RECEIVED 0x100
#define DOT4_STREAM_CREDITS 0x101
#define DOT4_MESSAGE_RECEIVED 0x102
#define DOT4_DISCONNECT 0x103
#define DOT4_CHANNEL_CLOSED 0x105

/* Channels of the fixed assignment. */
#define DOT4_CHANNEL 0
#define HP_MESSAGE_PROCESSOR 1
#define PRINTER_CHANNEL 2
#define SCANNER_CHANNEL 4
#define MIO_COMMAND_PROCESSOR 5
#define ECHO_CHANNEL 6
#define FAX_SEND_CHANNEL 7
#define FAX_RECV_CHANNEL 8
#define DIAGNOSTIC_CHANNEL 9
#define HP_RESERVED 10
#define IMAGE_DOWNLOAD 11
#define HOST_DATASTORE_UPLOAD 12
#define HOST_DATASTORE_DOWNLOAD 13
#define CONFIG_UPLOAD 14
#define CONFIG_DOWNLOAD 15

/* Type of a channel, for DOT4_DC_CREATE_DATA. */
#define STREAM_TYPE_CHANNEL 1
#define PACKET_TYPE_CHANNEL 2

#define DOT4_MAX_CHANNELS 128
#define NO_TIMEOUT 0

typedef struct _DOT4_ACTIVITY {
  ULONG ulMessage;
  ULONG ulByteCount;
  CHANNEL_HANDLE hChannel;
} DOT4_ACTIVITY, *PDOT4_ACTIVITY;
