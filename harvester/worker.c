#include "worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

/* Things in a ring, of which there are never more than it holds. */
struct queue {
    void **things;
    size_t first, n, most;
};

struct worker {
    struct worker_options options;
    pthread_t thread;
    pthread_mutex_t mutex; /* of all that follows */
    pthread_cond_t given, idle;
    struct queue to_do, done;
    bool busy, resting, ended;
};

static void
put(struct queue *q, void *thing)
{
    q->things[(q->first + q->n++) % q->most] = thing;
}

static void *
get(struct queue *q)
{
    void *thing = q->n ? q->things[q->first] : NULL;

    if (thing) {
        q->first = (q->first + 1) % q->most;
        --q->n;
    }
    return thing;
}

/* The next thing to do, once there is one; NULL at the end. */
static void *
wait_for_work(struct worker *w)
{
    void *thing;

    while (!w->ended && (w->resting || w->to_do.n == 0))
        pthread_cond_wait(&w->given, &w->mutex);
    thing = w->ended ? NULL : get(&w->to_do);
    w->busy = thing != NULL;
    return thing;
}

static void *
run(void *ctx)
{
    struct worker *w = ctx;
    void *thing;

    pthread_mutex_lock(&w->mutex);
    while ((thing = wait_for_work(w))) {
        pthread_mutex_unlock(&w->mutex);
        w->options.work(thing);
        pthread_mutex_lock(&w->mutex);
        put(&w->done, thing);
        w->busy = false;
        pthread_cond_signal(&w->idle);
        w->options.done(w->options.ctx);
    }
    pthread_mutex_unlock(&w->mutex);
    return NULL;
}

/* Signals are for the thread that was there first. */
static bool
start(struct worker *w)
{
    sigset_t all, before;
    bool fine;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    fine = pthread_create(&w->thread, NULL, run, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return fine;
}

static bool
init_queue(struct queue *q, size_t most)
{
    q->most = most + 1;
    q->things = calloc(q->most, sizeof *q->things);
    return q->things != NULL;
}

struct worker *
worker_new(const struct worker_options *o)
{
    struct worker *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    w->options = *o;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->given, NULL);
    pthread_cond_init(&w->idle, NULL);
    if (init_queue(&w->to_do, o->most) && init_queue(&w->done, o->most)) {
        w->options.alone = o->alone || !start(w);
        return w;
    }
    w->options.alone = true;
    worker_free(w);
    return NULL;
}

void
worker_free(struct worker *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->mutex);
    w->ended = true;
    pthread_cond_signal(&w->given);
    pthread_mutex_unlock(&w->mutex);
    if (!w->options.alone)
        pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->mutex);
    pthread_cond_destroy(&w->given);
    pthread_cond_destroy(&w->idle);
    free(w->to_do.things);
    free(w->done.things);
    free(w);
}

void
worker_give(struct worker *w, void *thing)
{
    if (w->options.alone)
        w->options.work(thing);
    pthread_mutex_lock(&w->mutex);
    put(w->options.alone ? &w->done : &w->to_do, thing);
    pthread_cond_signal(&w->given);
    pthread_mutex_unlock(&w->mutex);
    if (w->options.alone)
        w->options.done(w->options.ctx);
}

void *
worker_take(struct worker *w)
{
    void *thing;

    pthread_mutex_lock(&w->mutex);
    thing = get(&w->done);
    pthread_mutex_unlock(&w->mutex);
    return thing;
}

void
worker_rest(struct worker *w)
{
    pthread_mutex_lock(&w->mutex);
    w->resting = true;
    while (w->busy)
        pthread_cond_wait(&w->idle, &w->mutex);
    pthread_mutex_unlock(&w->mutex);
}

void
worker_go_on(struct worker *w)
{
    pthread_mutex_lock(&w->mutex);
    w->resting = false;
    pthread_cond_signal(&w->given);
    pthread_mutex_unlock(&w->mutex);
}
