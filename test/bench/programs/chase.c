/* Pointer chasing: a list of 1,024 nodes in shuffled order, walked, reversed and walked again; for each N. */
#include <stdio.h>

typedef struct _NODE {
    struct _NODE *Next;
    unsigned int Value;
    unsigned int Count;
} NODE;

static NODE nodes[1024];

int main()
{
    NODE *head = 0;
    unsigned int sum = 0;
    unsigned int round, i;
    unsigned int place = 0;
    for (i = 0; i < 1024; i++) {
        place = (place + 389) & 1023;
        nodes[place].Value = i * 2654435761u;
        nodes[place].Next = head;
        head = &nodes[place];
    }
    for (round = 0; round < N; round++) {
        NODE *previous = 0;
        NODE *node = head;
        while (node != 0) {
            NODE *next = node->Next;
            sum += node->Value >> (round & 7);
            node->Next = previous;
            previous = node;
            node = next;
        }
        head = previous;
        for (node = head; node; node = node->Next) {
            node->Count++;
            sum ^= node->Count;
        }
    }
    printf("%u\n", sum);
    return 0;
}
