/* See waiter.h. */
#include "signalling/waiter.h"

#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS 64
/* sources that are asked when one of them is ready */
#define CROWD 32

/* In the loop: its descriptor is ready when that of any watch is. */
typedef struct {
  GSource source;
  GPollFD poll;
  CvWaiter *waiter; /* borrowed: the waiter destroys its source */
} EpollSource;

/* Some watches. Their sources are in a context of their own, where the loop does not see them. */
typedef struct {
  GMainContext *context;
  guint count;
  gboolean ready;
} Crowd;

struct _CvWaiter {
  GSource *source;
  GPtrArray *crowds;
  gboolean ready;       /* a crowd is */
  gboolean dispatching; /* crowds stay */
  CvWatch *calling;     /* whose source is being dispatched; only compared */
  GMainContext *pushed; /* borrowed: is the default meanwhile, for the source that who waits makes next */
  int epoll;
};

typedef struct {
  GSource source;
  CvWatch *watch; /* NULL once that is gone or has a newer source */
  GPollableInputStream *stream;
} WatchSource;

struct _CvWatch {
  CvWaiter *waiter;
  Crowd *crowd;
  GSocket *socket;
  WatchSource *source; /* borrowed; NULL: nobody waits */
};

static void
watch_set_ready (CvWatch *self)
{
  g_source_set_ready_time (&self->source->source, 0);
  self->crowd->ready = TRUE;
  self->waiter->ready = TRUE;
}

/* Sources in the loop are checked in the order they came: those that are made ready here are dispatched this time round. */
static gboolean
epoll_source_check (GSource *source)
{
  EpollSource *self = (EpollSource *) source;
  struct epoll_event events[EVENTS];
  int n = self->poll.revents != 0 ? EVENTS : 0;
  while (n == EVENTS) {
    n = epoll_wait (self->poll.fd, events, EVENTS, 0);
    for (int i = 0; i < n; i++) {
      CvWatch *watch = events[i].data.ptr;
      if (watch->source != NULL)
        watch_set_ready (watch);
    }
  }
  return self->waiter->ready;
}

/* Each costs a descriptor. */
static void
drop_empty_crowds (CvWaiter *self)
{
  for (guint i = self->crowds->len; i > 0; i--)
    if (((Crowd *) g_ptr_array_index (self->crowds, i - 1))->count == 0)
      g_ptr_array_remove_index_fast (self->crowds, i - 1);
}

/* What becomes ready meanwhile waits for the next time round. */
static gboolean
epoll_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  CvWaiter *waiter = cv_waiter_ref (((EpollSource *) source)->waiter);
  waiter->ready = FALSE;
  waiter->dispatching = TRUE;
  for (guint i = 0; i < waiter->crowds->len; i++) {
    Crowd *crowd = g_ptr_array_index (waiter->crowds, i);
    gboolean ready = crowd->ready;
    crowd->ready = FALSE;
    if (ready)
      g_main_context_iteration (crowd->context, FALSE);
  }
  waiter->dispatching = FALSE;
  drop_empty_crowds (waiter);
  g_source_set_ready_time (source, waiter->ready ? 0 : -1);
  cv_waiter_unref (waiter);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs epoll_source_funcs = { .check = epoll_source_check, .dispatch = epoll_source_dispatch };

static void
crowd_free (gpointer data)
{
  Crowd *crowd = data;
  g_main_context_unref (crowd->context);
  g_free (crowd);
}

CvWaiter *
cv_waiter_new (void)
{
  int epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (epoll < 0)
    return NULL;
  CvWaiter *self = g_rc_box_new0 (CvWaiter);
  self->epoll = epoll;
  self->crowds = g_ptr_array_new_with_free_func (crowd_free);
  self->source = g_source_new (&epoll_source_funcs, sizeof (EpollSource));
  EpollSource *source = (EpollSource *) self->source;
  source->poll = (GPollFD){ .fd = epoll, .events = G_IO_IN };
  source->waiter = self;
  g_source_add_poll (self->source, &source->poll);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

CvWaiter *
cv_waiter_ref (CvWaiter *self)
{
  return g_rc_box_acquire (self);
}

static void
waiter_clear (CvWaiter *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_ptr_array_unref (self->crowds);
  close (self->epoll);
}

void
cv_waiter_unref (CvWaiter *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) waiter_clear);
}

/* One with space. */
static Crowd *
find_crowd (CvWaiter *self)
{
  for (guint i = 0; i < self->crowds->len; i++) {
    Crowd *crowd = g_ptr_array_index (self->crowds, i);
    if (crowd->count < CROWD)
      return crowd;
  }
  Crowd *crowd = g_new0 (Crowd, 1);
  crowd->context = g_main_context_new ();
  g_ptr_array_add (self->crowds, crowd);
  return crowd;
}

/* ---- one socket ---- */

CvWatch *
cv_waiter_add (CvWaiter *self, GSocket *socket)
{
  g_autofree CvWatch *watch = g_new0 (CvWatch, 1);
  /* Edge-triggered: what is there already is found when a source is made, and what nobody reads does not spin. */
  struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.ptr = watch };
  if (epoll_ctl (self->epoll, EPOLL_CTL_ADD, g_socket_get_fd (socket), &event) != 0)
    return NULL;
  watch->waiter = cv_waiter_ref (self);
  watch->crowd = find_crowd (self);
  watch->crowd->count++;
  watch->socket = g_object_ref (socket);
  return g_steal_pointer (&watch);
}

static void
forget_source (CvWatch *self)
{
  if (self->source != NULL)
    self->source->watch = NULL;
  self->source = NULL;
}

void
cv_watch_free (CvWatch *self)
{
  forget_source (self);
  self->crowd->count--;
  if (!self->waiter->dispatching)
    drop_empty_crowds (self->waiter);
  /* A closed descriptor has left epoll by itself, and its number may be another's by now. */
  if (!g_socket_is_closed (self->socket))
    epoll_ctl (self->waiter->epoll, EPOLL_CTL_DEL, g_socket_get_fd (self->socket), NULL);
  g_object_unref (self->socket);
  cv_waiter_unref (self->waiter);
  g_free (self);
}

/* From outside of the waiter's own source. */
static void
watch_wake (CvWatch *self)
{
  watch_set_ready (self);
  g_source_set_ready_time (self->waiter->source, 0);
}

static gboolean
watch_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  WatchSource *self = (WatchSource *) source;
  g_source_set_ready_time (source, -1);
  if (self->watch == NULL)
    return G_SOURCE_REMOVE;
  CvWaiter *waiter = cv_waiter_ref (self->watch->waiter);
  waiter->calling = self->watch;
  gboolean again = ((GPollableSourceFunc) (void (*) (void)) callback) (G_OBJECT (self->stream), user_data);
  waiter->calling = NULL;
  if (waiter->pushed != NULL)
    g_main_context_pop_thread_default (g_steal_pointer (&waiter->pushed));
  cv_waiter_unref (waiter);
  /* There will be no edge for what was left unread. */
  if (again && self->watch != NULL && g_pollable_input_stream_is_readable (self->stream))
    watch_wake (self->watch);
  return again;
}

static void
watch_source_finalize (GSource *source)
{
  WatchSource *self = (WatchSource *) source;
  if (self->watch != NULL)
    self->watch->source = NULL;
  g_object_unref (self->stream);
}

static GSourceFuncs watch_source_funcs = {
  .dispatch = watch_source_dispatch,
  .finalize = watch_source_finalize,
};

GSource *
cv_watch_create_source (CvWatch *self, GPollableInputStream *stream)
{
  GSource *source = g_source_new (&watch_source_funcs, sizeof (WatchSource));
  WatchSource *watch_source = (WatchSource *) source;
  forget_source (self);
  self->source = watch_source;
  watch_source->watch = self;
  watch_source->stream = g_object_ref (stream);
  if (g_pollable_input_stream_is_readable (stream))
    watch_wake (self);
  /* libsoup ends its source and makes another each time something comes. It attaches that to the thread's default context and
   * then returns: from here on to watch_source_dispatch() that is where the loop does not see it. */
  if (self->waiter->calling == self && self->waiter->pushed == NULL) {
    self->waiter->pushed = self->crowd->context;
    g_main_context_push_thread_default (self->waiter->pushed);
  }
  return source;
}
