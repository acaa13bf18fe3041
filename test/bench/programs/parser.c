/*
 * A protocol in a buffer: messages with a header in network order, options, a payload and a checksum are built and
 * then read, with every length checked; 16 messages for each N.
 */
#include <stdio.h>

typedef unsigned int ULONG;
typedef unsigned short USHORT;
typedef unsigned char UCHAR, *PUCHAR;
typedef int NTSTATUS;
typedef unsigned char BOOLEAN;

#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define STATUS_SUCCESS ((NTSTATUS)0)
#define STATUS_BUFFER_TOO_SMALL ((NTSTATUS)0xC0000023)
#define STATUS_INVALID_PARAMETER ((NTSTATUS)0xC000000D)
#define STATUS_DATA_ERROR ((NTSTATUS)0xC000003E)

enum { OptionEnd, OptionPad, OptionWindow, OptionStamp, OptionName };

typedef struct _MESSAGE {
    USHORT Kind;
    USHORT Length;
    ULONG Sequence;
    ULONG Window;
    ULONG Stamp;
    UCHAR Name[16];
    const UCHAR *Payload;
    USHORT PayloadLength;
    struct {
        ULONG IsUrgent : 1;
        ULONG HasName : 1;
        ULONG Priority : 4;
    } Flags;
} MESSAGE;

static UCHAR buffer[2048];

static USHORT ReadShort(const UCHAR *p)
{
    return (USHORT)((p[0] << 8) | p[1]);
}

static ULONG ReadLong(const UCHAR *p)
{
    return ((ULONG)p[0] << 24) | ((ULONG)p[1] << 16) | ((ULONG)p[2] << 8) | p[3];
}

static PUCHAR WriteShort(PUCHAR p, USHORT value)
{
    *p++ = (UCHAR)(value >> 8);
    *p++ = (UCHAR)value;
    return p;
}

static PUCHAR WriteLong(PUCHAR p, ULONG value)
{
    p = WriteShort(p, (USHORT)(value >> 16));
    return WriteShort(p, (USHORT)value);
}

static USHORT Checksum(const UCHAR *p, ULONG length)
{
    ULONG sum = 0;
    while (length > 1) {
        sum += ReadShort(p);
        p += 2;
        length -= 2;
    }
    if (length != 0) {
        sum += (ULONG)*p << 8;
    }
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (USHORT)~sum;
}

static ULONG Build(PUCHAR start, ULONG number)
{
    PUCHAR p = start;
    PUCHAR lengthAt;
    ULONG i;
    p = WriteShort(p, (USHORT)(number & 3));
    lengthAt = p;
    p += 2;
    p = WriteLong(p, number);
    *p++ = (UCHAR)((number & 1) | ((number & 15) << 1));
    *p++ = OptionWindow;
    p = WriteLong(p, number * 17);
    if (number & 2) {
        *p++ = OptionStamp;
        p = WriteLong(p, ~number);
    }
    if (number & 4) {
        *p++ = OptionPad;
        *p++ = OptionName;
        *p++ = 5;
        for (i = 0; i < 5; i++) {
            *p++ = (UCHAR)('a' + (number + i) % 26);
        }
    }
    *p++ = OptionEnd;
    for (i = 0; i < (number & 31); i++) {
        *p++ = (UCHAR)(number * i);
    }
    WriteShort(lengthAt, (USHORT)(p - start + 2));
    return (ULONG)(WriteShort(p, Checksum(start, (ULONG)(p - start))) - start);
}

static NTSTATUS ParseOptions(MESSAGE *message, const UCHAR **at, const UCHAR *end)
{
    const UCHAR *p = *at;
    for (;;) {
        if (p >= end) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        switch (*p++) {
        case OptionEnd:
            *at = p;
            return STATUS_SUCCESS;
        case OptionPad:
            break;
        case OptionWindow:
            if (end - p < 4) {
                return STATUS_BUFFER_TOO_SMALL;
            }
            message->Window = ReadLong(p);
            p += 4;
            break;
        case OptionStamp:
            if (end - p < 4) {
                return STATUS_BUFFER_TOO_SMALL;
            }
            message->Stamp = ReadLong(p);
            p += 4;
            break;
        case OptionName: {
            ULONG length = *p++;
            ULONG i;
            if (length >= sizeof message->Name || (ULONG)(end - p) < length) {
                return STATUS_INVALID_PARAMETER;
            }
            for (i = 0; i < length; i++) {
                message->Name[i] = p[i];
            }
            message->Name[length] = 0;
            message->Flags.HasName = 1;
            p += length;
            break;
        }
        default:
            return STATUS_INVALID_PARAMETER;
        }
    }
}

static NTSTATUS Parse(MESSAGE *message, const UCHAR *start, ULONG available)
{
    const UCHAR *p = start;
    const UCHAR *end;
    NTSTATUS status;
    if (available < 12) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    message->Kind = ReadShort(p);
    message->Length = ReadShort(p + 2);
    message->Sequence = ReadLong(p + 4);
    if (message->Length > available) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    message->Flags.IsUrgent = p[8] & 1;
    message->Flags.HasName = 0;
    message->Flags.Priority = p[8] >> 1;
    message->Stamp = 0;
    end = start + message->Length - 2;
    if (Checksum(start, (ULONG)(end - start)) != ReadShort(end)) {
        return STATUS_DATA_ERROR;
    }
    p += 9;
    status = ParseOptions(message, &p, end);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    message->Payload = p;
    message->PayloadLength = (USHORT)(end - p);
    return STATUS_SUCCESS;
}

int main()
{
    ULONG sum = 0;
    ULONG errors = 0;
    ULONG round, i;
    for (round = 0; round < N; round++) {
        ULONG used = 0;
        ULONG at = 0;
        for (i = 0; i < 16; i++) {
            used += Build(buffer + used, round * 16 + i);
        }
        if ((round & 15) == 3) {
            buffer[used / 2] ^= 1;
        }
        while (at < used) {
            MESSAGE message;
            if (!NT_SUCCESS(Parse(&message, buffer + at, used - at))) {
                errors++;
                break;
            }
            sum += message.Sequence ^ message.Window ^ message.Stamp;
            sum += message.Flags.Priority + message.PayloadLength;
            if (message.Flags.HasName) {
                sum += message.Name[4];
            }
            if (message.PayloadLength > 3) {
                sum ^= message.Payload[3];
            }
            at += message.Length;
        }
    }
    printf("%u %u\n", sum, errors);
    return 0;
}
