/*
 * A thread that does one thing after the other, beside the one that gives them to it.
 * What a thing is made of belongs to that thread from when it is given until it is taken
 * back.
 */
#ifndef HARVESTER_WORKER_H
#define HARVESTER_WORKER_H

#include <stdbool.h>
#include <stddef.h>

struct worker_options {
    void (*work)(void *thing); /* in the other thread */
    void (*done)(void *ctx);   /* so is this, behind each: there is something to take */
    void *ctx;
    size_t most; /* things that are not taken back at a time */
    bool alone;  /* there is no other thread: a thing is done when it is given */
};

struct worker;

/* NULL when memory is short. Without threads to be had it works alone. */
struct worker *worker_new(const struct worker_options *options);

/* Ends the thread when it has done what it is at; what else was given is not done. */
void worker_free(struct worker *worker);

void worker_give(struct worker *worker, void *thing);

/* The next that has been done; NULL: there is none. */
void *worker_take(struct worker *worker);

/* Between the two the other thread does nothing: what it works with is ours. */
void worker_rest(struct worker *worker);
void worker_go_on(struct worker *worker);

#endif
